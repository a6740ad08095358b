package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalAway;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workers.settings.Pollers;
import io.fettle.workers.settings.WorkerDrain;
import io.fettle.workflows.wire.TaskQueues;
import io.temporal.worker.WorkerFactory;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Connection, pollers and drain of the control worker. */
@Configuration(proxyBeanMethods = false)
class ControlWiring {

  @Bean(destroyMethod = "close")
  TemporalConnection connection(FettleSettings settings) throws TemporalAway {
    return TemporalConnection.lazy(settings.temporal().options());
  }

  @Bean(destroyMethod = "") // the drain stops it
  WorkerFactory factory(
      TemporalConnection connection, ControlSettings settings, ControlActivities activities) {
    var factory = Pollers.factory(connection.client(), settings.workflowCache());
    var options = Pollers.options(settings.pollers());
    settings.version().ifPresent(version -> Pollers.bind(options, version));
    var control = factory.newWorker(TaskQueues.CONTROL, options.build());
    control.registerWorkflowImplementationTypes(
        settings.version().isPresent() ? ControlWorkflows.boundTypes() : ControlWorkflows.types());
    control.registerActivitiesImplementations(activities.control().toArray());
    var cpu =
        factory.newWorker(
            TaskQueues.CPU,
            Pollers.options(settings.pollers())
                .setMaxConcurrentActivityExecutionSize(settings.cpuSlots())
                .build());
    cpu.registerActivitiesImplementations(activities.cpu().toArray());
    return factory;
  }

  @Bean
  WorkerDrain drain(
      TemporalConnection connection,
      WorkerFactory factory,
      FettleSettings fettle,
      ControlSettings settings) {
    var histories = new OpenHistories(connection.client(), answered(settings), fettle.readyFile());
    Runnable check = settings.replay() ? histories::check : () -> {};
    return new WorkerDrain(connection, factory, settings.drain(), fettle.readyFile(), check);
  }

  /** What an earlier build began and this one answers. */
  private static Class<?>[] answered(ControlSettings settings) {
    return settings.version().isPresent()
        ? ControlWorkflows.upgradingTypes()
        : ControlWorkflows.types();
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  HostSweep sweep(
      Pools pools, ObjectStore store, TemporalConnection connection, ControlSettings settings) {
    var orders =
        new RunOrders(connection.client(), task -> Thread.ofVirtual().name("order").start(task));
    var budgets = Capacity.budgets(pools.all(), store, InstantSource.system(), orders);
    return new HostSweep(
        pools.all(), Capacity.runs(connection.client()), budgets, settings.sweep());
  }
}
