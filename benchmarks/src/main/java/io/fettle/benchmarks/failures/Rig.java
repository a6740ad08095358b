package io.fettle.benchmarks.failures;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.benchmarks.OwnHome;
import io.fettle.benchmarks.capacity.RunningEc2;
import io.fettle.benchmarks.servers.ObjectServer;
import io.fettle.cli.local.Home;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.run.Pace;
import io.fettle.workflows.run.TrainWorkflow;
import io.fettle.workflows.run.TrainWorkflowImpl;
import io.fettle.workflows.wire.Reference;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A home of its own with a real server, a control worker and agents, whose links to server and
 * store the benchmark holds in its hand.
 */
final class Rig implements AutoCloseable {
  private static final String QUEUE = "bench-failures";
  private static final int POLLERS = 2;

  /** By when no launched host outlives its run. */
  static final Duration AFTERWARDS = Duration.ofMinutes(2);

  private final Settings settings;
  private final OwnHome own;
  private final ControlLink link;
  private final Path faults;
  private final TemporalConnection connection;
  private final ObjectStore store;
  private final WorkerFactory worker;
  private final TinyTraining tiny;
  private final Environments environments;
  private final Optional<RunningEc2> ec2;
  private final HostPool hosts;
  private final List<String> outlived = Collections.synchronizedList(new ArrayList<>());

  Rig(Path folder, Settings settings, Ground ground) throws Exception {
    this.settings = settings;
    var current = LocalCluster.current(Progress.silent());
    environments = current.environments((_, _, _, _, _) -> {});
    environments.python("train");
    var storeFolder = new Home(current.home().root(), folder).state().resolve("store");
    faults = FaultyStores.faults(storeFolder);
    link = new ControlLink();
    var variables = new HashMap<>(settings.environment());
    ground.store().map(ObjectServer::environment).ifPresent(variables::putAll);
    variables.put("FETTLE_STORE", FaultyStores.address(storeFolder, ground.store()).toString());
    variables.put("FETTLE_TEMPORAL_AGENT_ADDRESS", link.address());
    variables.putAll(Launching.variables(ground));
    variables.putAll(ground.ec2().map(_ -> settings.renewal()).orElse(Map.of()));
    own = new OwnHome(folder, variables);
    ec2 = Launching.in(ground, own, folder);
    connection = own.cluster().ensureUp();
    link.to(connection.options().address());
    ec2.ifPresent(account -> account.boot(Launching.agents(variables, link.address())));
    hosts = ec2.<HostPool>map(LaunchedHosts::new).orElseGet(() -> new LocalHosts(own.cluster()));
    store = FaultyStores.sound(storeFolder, ground.store());
    tiny = TinyTraining.make(store, environments, folder.resolve("scratch"));
    worker = Pollers.factory(connection.client(), 100);
    worker
        .newWorker(QUEUE, Pollers.options(POLLERS).build())
        .registerWorkflowImplementationTypes(TrainWorkflowImpl.class);
    worker.start();
  }

  TinyTraining tiny() {
    return tiny;
  }

  /** Starts a train that lasts until it is stopped. */
  Training endless(String name, Duration lease) throws IOException {
    return start(name, lease, tiny.config(50_000_000, _ -> {}));
  }

  /** The same, taking silence for death. */
  Training impatient(String name) throws IOException {
    var config = tiny.config(50_000_000, _ -> {});
    return start(name, settings.lease(), config, tiny, settings.impatience());
  }

  Training start(String name, Duration lease, Reference config) throws IOException {
    return start(name, lease, config, tiny);
  }

  /** The same of another model or other rows. */
  Training start(String name, Duration lease, Reference config, TinyTraining of) {
    return start(name, lease, config, of, settings.pace());
  }

  private Training start(
      String name, Duration lease, Reference config, TinyTraining of, Pace pace) {
    var input =
        StepKey.of("train", Map.of("run", name, "training", config, "rows", of.rows()), "").hash();
    var options = WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(name).build();
    var stub = connection.client().newWorkflowStub(TrainWorkflow.class, options);
    WorkflowClient.start(
        stub::run,
        new TrainWorkflow.Request(
            hosts.plan(config, lease), input, config, of.model(), of.rows(), pace));
    return new Training(this, name, stub);
  }

  Settings settings() {
    return settings;
  }

  Home home() {
    return own.cluster().home();
  }

  HostPool hosts() {
    return hosts;
  }

  /** Whether a host is launched for each acquisition. */
  boolean launches() {
    return ec2.isPresent();
  }

  /** Launched ones that cost money now; none where the local pool has them. */
  List<String> paidFor() {
    return ec2.map(RunningEc2::living).orElse(List.of());
  }

  /** Waits until a run that has just ended has no host that costs money, two minutes at most. */
  void awaitHostsOf(String run) throws Exception {
    if (ec2.isPresent()) {
      Waits.until(AFTERWARDS, () -> ec2.get().living(run).isEmpty());
      outlived.addAll(ec2.get().living(run));
    }
  }

  /** Hosts that lived two minutes after their runs. */
  List<String> outlived() {
    return List.copyOf(outlived);
  }

  ObjectStore store() {
    return store;
  }

  Environments environments() {
    return environments;
  }

  ControlLink link() {
    return link;
  }

  WorkflowClient client() {
    return connection.client();
  }

  /** What the store does to that process. */
  Faults faults(long pid) {
    return new Faults(faults, pid);
  }

  @Override
  public void close() throws IOException {
    worker.shutdownNow();
    connection.close();
    link.close();
    store.close();
    own.close();
    ec2.ifPresent(RunningEc2::close);
  }
}
