package io.fettle.workers.agent;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.capacity.signal.PreemptionSignal;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.machine.HostCheck;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalAway;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.activities.training.TrainingHost;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workers.settings.Pollers;
import io.fettle.workers.settings.WorkerDrain;
import io.fettle.workflows.wire.TaskQueues;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/** Connection, pollers, the claim's gate and the drain of an agent. */
@Configuration(proxyBeanMethods = false)
class AgentWiring {
  private static final int POLLERS = 2;

  /** Each is a write to the store, which may cost. */
  private static final Duration REGISTRATION = Duration.ofSeconds(20);

  @Bean(destroyMethod = "close")
  TemporalConnection connection(FettleSettings settings) throws TemporalAway {
    return TemporalConnection.lazy(settings.temporal().options());
  }

  /**
   * A machine that was launched for this host alone is looked over before its first claim, and only
   * then.
   */
  @Bean
  HostFitness fitness(
      AgentSettings agent, HostClaim claim, HostFolder folder, Environments environments)
      throws IOException {
    var queue = TaskQueues.host(agent.host(), Boot.id());
    if (!agent.isLookedOver() || claim.current().isPresent()) {
      return HostFitness.assumed(agent.host(), queue);
    }
    var check =
        new HostCheck(
            new HostCheck.Options(
                Path.of("/"),
                System.getenv().getOrDefault("PATH", ""),
                folder.path(),
                Optional.of(environments),
                () -> {
                  throw new IOException("the agent has opened it already");
                }));
    var needs = HostCheck.Needs.of(agent.shape(), hasDisks(agent.shape()));
    return HostFitness.looking(agent.host(), queue, () -> check.fitness(needs));
  }

  /**
   * Whether all machines of the shape have disks of their own; a pod is given what its node has.
   */
  private static boolean hasDisks(String shape) {
    var full = Catalogue.shape(shape);
    var machines =
        Catalogue.shipped().machines().stream()
            .filter(machine -> machine.shape().equals(full))
            .toList();
    return System.getenv("KUBERNETES_SERVICE_HOST") == null
        && !machines.isEmpty()
        && machines.stream().allMatch(machine -> machine.nvmeGb() > 0);
  }

  @Bean(destroyMethod = "") // the drain stops it
  WorkerFactory factory(
      TemporalConnection connection,
      AgentSettings agent,
      HostActivities activities,
      HostFitness fitness)
      throws IOException {
    var factory = Pollers.factory(connection.client(), 0, fitness);
    var host =
        factory.newWorker(
            TaskQueues.host(agent.host(), Boot.id()),
            Pollers.options(POLLERS).setMaxConcurrentActivityExecutionSize(1).build());
    host.registerActivitiesImplementations(activities.host().toArray());
    var control =
        factory.newWorker(
            TaskQueues.hostControl(agent.host(), Boot.id()), Pollers.options(POLLERS).build());
    control.registerActivitiesImplementations(activities.control().toArray());
    return factory;
  }

  /** It polls only while the host is free. */
  @Bean(destroyMethod = "close")
  ClaimGate gate(TemporalConnection connection, AgentSettings agent, HostClaim claim) {
    var queue =
        agent.token() == null
            ? TaskQueues.pool(agent.pool(), agent.shape())
            : TaskQueues.claim(agent.token());
    return new ClaimGate(() -> Pollers.factory(connection.client(), 0), queue, claim);
  }

  @Bean
  WorkerDrain drain(
      TemporalConnection connection,
      WorkerFactory factory,
      FettleSettings fettle,
      AgentSettings agent) {
    return new WorkerDrain(connection, factory, agent.drain(), fettle.readyFile());
  }

  @Bean
  RunLookup runs(TemporalConnection connection, AgentSettings agent) {
    return new RunLookup(connection.client(), agent.host());
  }

  @Bean
  Leaving leaving(ClaimGate gate, TrainingHost training, RunLookup runs) {
    return new Leaving(gate, training, runs);
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  NoticeWatch notices(PreemptionSignal signal, Leaving leaving) {
    return new NoticeWatch(signal, leaving);
  }

  /** For machines that were launched, and only those. */
  @Bean(destroyMethod = "close")
  AutoCloseable tenure(
      AgentSettings agent,
      HostClaim.Identity identity,
      ObjectStore store,
      Leaving leaving,
      TrainingHost training,
      ConfigurableApplicationContext context) {
    var token = agent.token();
    if (token == null) {
      return () -> {};
    }
    var watch =
        new TenureWatch(
            Capacity.tenure(store, identity, token),
            agent.lease(),
            agent.grace(),
            new RenewalFile(Optional.ofNullable(agent.renewed())),
            leaving,
            () -> training.running().isEmpty(),
            new MachineEnd(agent.end(), context::close));
    watch.start();
    return watch;
  }

  /** For machines that one has, and only those. */
  @Bean(destroyMethod = "close")
  AutoCloseable registration(
      AgentSettings agent,
      HostClaim.Identity identity,
      ObjectStore store,
      HostClaim claim,
      Leaving leaving)
      throws IOException {
    if (agent.kind() != AgentSettings.Kind.REGISTERED) {
      return () -> {};
    }
    var watch =
        new RegistrationWatch(
            Capacity.registration(store, identity),
            REGISTRATION,
            () -> leaving.isLeaving() || claim.earlier().isPresent());
    watch.start();
    return watch;
  }

  /** After the registration: a host that claims under one boot is not registered under another. */
  @Bean(initMethod = "start", destroyMethod = "close")
  @DependsOn("registration")
  HostWatch watch(
      WorkerFactory factory,
      ClaimGate gate,
      HostClaim claim,
      Leaving leaving,
      TrainingHost training,
      TemporalConnection connection,
      AgentSettings agent) {
    var runs = Capacity.runs(connection.client());
    return new HostWatch(factory, gate, claim, leaving, training, runs, agent.claimLook());
  }
}
