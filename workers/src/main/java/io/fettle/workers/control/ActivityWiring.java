package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.data.DataOptions;
import io.fettle.activities.data.PrepareStep;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.TrainingHost;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.training.LedgerActivities;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the activities from their capabilities' factories. */
@Configuration(proxyBeanMethods = false)
class ActivityWiring {

  @Bean
  ObjectStore store(FettleSettings settings) throws IOException, InterruptedException {
    return Stores.openProbed(settings.storeRoot());
  }

  @Bean
  StepCache steps(ObjectStore store) {
    return new StepCache(store, "control, pid " + ProcessHandle.current().pid());
  }

  @Bean
  CapacityActivities capacity(FettleSettings fettle, ControlSettings settings) {
    return Capacity.activities(List.of(Capacity.local(fettle.state(), settings.localHosts())));
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
        store, steps, environments, new DataOptions(work, work.resolve("cache")));
  }

  @Bean
  ControlActivities activities(
      CapacityActivities capacity, LedgerActivities ledger, DataActivities data) {
    return new ControlActivities(List.of(capacity, ledger), List.of(data));
  }
}
