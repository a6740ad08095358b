package io.fettle.workers.agent;

import io.fettle.activities.artifact.ArtifactOptions;
import io.fettle.activities.artifact.Artifacts;
import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.capacity.signal.PreemptionSignal;
import io.fettle.activities.disks.LocalDisks;
import io.fettle.activities.evaluation.Evaluation;
import io.fettle.activities.evaluation.EvaluationOptions;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.serving.ServingOptions;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.activities.training.HostOptions;
import io.fettle.activities.training.TrainingHost;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workflows.wire.TaskQueues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds what the host can do from the capabilities' factories. */
@Configuration(proxyBeanMethods = false)
class HostWiring {

  @Bean(destroyMethod = "close")
  ObjectStore store(FettleSettings settings) throws IOException, InterruptedException {
    return Stores.openProbed(settings.storeRoot(), settings.storeAccess());
  }

  @Bean(destroyMethod = "close")
  StepCache steps(ObjectStore store, AgentSettings agent) {
    return new StepCache(store, agent.host() + " process " + ProcessHandle.current().pid());
  }

  @Bean
  Environments environments(FettleSettings settings) {
    return new Environments(settings.environments());
  }

  @Bean
  HostFolder folder(FettleSettings settings, AgentSettings agent) throws IOException {
    return HostFolder.of(agent, settings, new LocalDisks(Path.of("/")));
  }

  @Bean
  HostClaim.Identity identity(AgentSettings agent) throws IOException {
    return new HostClaim.Identity(agent.host(), Boot.id(), agent.pool(), agent.shape());
  }

  @Bean
  HostClaim claim(
      FettleSettings settings,
      AgentSettings agent,
      HostClaim.Identity identity,
      HostFolder folder,
      ObjectStore store)
      throws IOException {
    var claim =
        switch (agent.kind()) {
          case LOCAL -> Capacity.localClaim(stateOf(settings), folder.path(), identity);
          case REGISTERED -> Capacity.registeredClaim(store, folder.path(), identity);
          case LAUNCHED ->
              Capacity.elasticClaim(
                  store, folder.path(), identity, Objects.requireNonNull(agent.token()));
        };
    claim.restore();
    return claim;
  }

  @Bean
  PreemptionSignal signal(FettleSettings settings, AgentSettings agent, TrainingHost training) {
    return new Signals(agent, stateOf(settings), Path.of("/"), System.getenv())
        .choose(() -> training.running().isEmpty());
  }

  /** It adopts what an earlier agent left before anything polls. */
  @Bean(destroyMethod = "close")
  TrainingHost training(
      AgentSettings agent,
      HostFolder folder,
      ObjectStore store,
      StepCache steps,
      TemporalConnection connection,
      HostClaim claim,
      Environments environments)
      throws IOException {
    var options =
        HostOptions.standard(agent.host(), folder.path())
            .with(
                agent.heartbeat(),
                agent.storeLook(),
                agent.silence().limits(),
                agent.stopGrace(),
                agent.noticeMargin(),
                agent.expectedLife(),
                agent.streamAbove());
    var host =
        new TrainingHost(
            options,
            store,
            steps,
            connection.client(),
            claim::isHeldBy,
            (config, workdir) ->
                environments.module(
                    "train",
                    workdir,
                    "fettle_trainer",
                    List.of(
                        "train", "--config", config.toString(), "--workdir", workdir.toString())));
    host.adopt();
    return host;
  }

  @Bean
  Serving serving(
      ObjectStore store,
      Environments environments,
      AgentSettings agent,
      HostFolder folder,
      FettleSettings settings)
      throws IOException {
    return new Serving(
        new ServingOptions(
            store,
            environments,
            stateOf(settings).resolve("engines"),
            folder.path().resolve("models"),
            folder.cache(),
            TaskQueues.hostControl(agent.host(), Boot.id())));
  }

  @Bean(destroyMethod = "close")
  CacheKeeper cache(HostFolder folder, AgentSettings agent) {
    return new CacheKeeper(folder.cache(), agent);
  }

  @Bean
  HostActivities activities(
      TrainingHost training,
      ObjectStore store,
      StepCache steps,
      Environments environments,
      Serving serving,
      FettleSettings settings,
      HostFolder folder) {
    Path work = folder.path().resolve("steps");
    Path answers =
        stateOf(settings)
            .resolve("work")
            .resolve("answers"); // the next host of this machine goes on with them
    return new HostActivities(
        List.of(
            training.staging(),
            training.trainer(),
            Artifacts.activities(
                new ArtifactOptions(
                    store, settings.storeAccess(), steps, environments, folder.cache(), work)),
            Evaluation.answers(new EvaluationOptions(store, steps, answers), serving),
            serving.engineActivities()),
        List.of(training.control(), serving.engineActivities()));
  }

  private static Path stateOf(FettleSettings settings) {
    return settings.home().toAbsolutePath().resolve("state");
  }
}
