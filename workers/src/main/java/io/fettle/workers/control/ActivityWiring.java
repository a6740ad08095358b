package io.fettle.workers.control;

import io.fettle.activities.artifact.ArtifactOptions;
import io.fettle.activities.artifact.Artifacts;
import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.data.DataOptions;
import io.fettle.activities.data.PrepareStep;
import io.fettle.activities.evaluation.Evaluation;
import io.fettle.activities.evaluation.EvaluationOptions;
import io.fettle.activities.lineage.Lineage;
import io.fettle.activities.plan.Hardware;
import io.fettle.activities.plan.PlanActivitiesImpl;
import io.fettle.activities.plan.Planner;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.serving.ServingOptions;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.activities.training.TrainingHost;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.training.LedgerActivities;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the activities from their capabilities' factories. */
@Configuration(proxyBeanMethods = false)
class ActivityWiring {

  @Bean
  ObjectStore store(FettleSettings settings) throws IOException, InterruptedException {
    return Stores.openProbed(settings.storeRoot(), settings.storeAccess());
  }

  @Bean
  StepCache steps(ObjectStore store) {
    return new StepCache(store, "control, pid " + ProcessHandle.current().pid());
  }

  @Bean
  Pools pools(FettleSettings fettle, ControlSettings settings, ObjectStore store)
      throws IOException {
    return Pools.of(fettle, settings, store);
  }

  @Bean
  CapacityActivities capacity(Pools pools, ObjectStore store) {
    return Capacity.activities(pools.all(), store, InstantSource.system());
  }

  @Bean
  LedgerActivities ledger(ObjectStore store, StepCache steps) {
    return TrainingHost.ledger(store, steps);
  }

  @Bean
  Environments environments(FettleSettings settings) {
    return new Environments(settings.environments());
  }

  @Bean
  DataActivities data(
      ObjectStore store, StepCache steps, Environments environments, FettleSettings settings) {
    Path work = settings.state().resolve("work");
    return PrepareStep.activities(
        store,
        steps,
        environments,
        new DataOptions(
            work,
            work.resolve("cache"),
            DataOptions.SHARD_BYTES,
            settings.storeAccess(),
            name -> Optional.ofNullable(System.getenv(name))));
  }

  @Bean
  PlanActivitiesImpl plan(
      ObjectStore store, Environments environments, Pools pools, FettleSettings fettle)
      throws IOException {
    var planner = new Planner(Hardware.local(), pools.policy(fettle), pools.planned(store));
    return new PlanActivitiesImpl(store, planner, environments.lockHash("train"));
  }

  @Bean
  ArtifactOptions artifacts(
      ObjectStore store, StepCache steps, Environments environments, FettleSettings settings) {
    return new ArtifactOptions(
        store, settings.storeAccess(), steps, environments, cache(settings), work(settings));
  }

  @Bean
  EvaluationOptions evaluation(ObjectStore store, StepCache steps, FettleSettings settings) {
    return new EvaluationOptions(
        store,
        steps,
        work(settings).resolve("answers"),
        name -> Optional.ofNullable(System.getenv(name)));
  }

  /** Tells which engine would answer; it starts none here. */
  @Bean
  Serving serving(ObjectStore store, Environments environments, FettleSettings settings) {
    Path engines = settings.state().resolve("engines");
    return new Serving(
        new ServingOptions(store, environments, engines, work(settings), cache(settings), ""));
  }

  @Bean
  ControlActivities activities(
      ObjectStore store,
      TemporalConnection connection,
      CapacityActivities capacity,
      LedgerActivities ledger,
      DataActivities data,
      PlanActivitiesImpl plan,
      ArtifactOptions artifacts,
      EvaluationOptions evaluation,
      Serving serving) {
    return new ControlActivities(
        List.of(
            capacity,
            ledger,
            Artifacts.lookup(artifacts),
            Evaluation.lookup(evaluation, serving),
            Serving.aliasActivities(store),
            Serving.deployActivities(connection.client())),
        List.of(
            plan,
            data,
            Artifacts.models(artifacts),
            Artifacts.activities(artifacts),
            Evaluation.activities(evaluation),
            Evaluation.answers(evaluation, serving),
            Lineage.activities(store)));
  }

  private static Path work(FettleSettings settings) {
    return settings.state().resolve("work");
  }

  private static Path cache(FettleSettings settings) {
    return work(settings).resolve("cache");
  }
}
