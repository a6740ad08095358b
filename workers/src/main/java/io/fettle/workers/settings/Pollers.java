package io.fettle.workers.settings;

import io.temporal.client.WorkflowClient;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;

/** How every worker of ours polls. */
public final class Pollers {
  /**
   * For a workflow's thread to yield. The SDK's one second is too short for code that has just been
   * loaded on busy cores, and the task is then done again for nothing.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** On a busy machine code that has just been loaded is slow, and that is no mismatch. */
  private static final Duration REPLAY_PATIENCE = Duration.ofMinutes(2);

  private Pollers() {}

  /** A factory whose workflows run on virtual threads. */
  public static WorkerFactory factory(
      WorkflowClient client, int workflowCache, WorkerInterceptor... interceptors) {
    return WorkerFactory.newInstance(
        client,
        WorkerFactoryOptions.newBuilder()
            .setWorkerInterceptors(interceptors)
            .setWorkflowCacheSize(workflowCache)
            .setUsingVirtualWorkflowThreads(true)
            .build());
  }

  /**
   * Options of one queue's worker.
   *
   * @param pollers of each kind: with fewer than two a task waits while the poller hands out the
   *     one before
   */
  public static WorkerOptions.Builder options(int pollers) {
    return WorkerOptions.newBuilder()
        .setMaxConcurrentWorkflowTaskPollers(pollers)
        .setMaxConcurrentActivityTaskPollers(pollers)
        .setDefaultDeadlockDetectionTimeout(PATIENCE.toMillis())
        .setUsingVirtualThreads(true);
  }

  /** Each execution then stays on the build that began it, unless its workflow says otherwise. */
  public static void bind(WorkerOptions.Builder options, WorkerDeploymentVersion version) {
    options.setDeploymentOptions(
        WorkerDeploymentOptions.newBuilder()
            .setVersion(version)
            .setUseVersioning(true)
            .setDefaultVersioningBehavior(VersioningBehavior.PINNED)
            .build());
  }

  /** A worker that replays and is never started, so it polls nothing. */
  public static Worker replayer(WorkerFactory factory, Class<?>... types) {
    var worker =
        factory.newWorker(
            "replay",
            WorkerOptions.newBuilder()
                .setDefaultDeadlockDetectionTimeout(REPLAY_PATIENCE.toMillis())
                .build());
    worker.registerWorkflowImplementationTypes(types);
    return worker;
  }
}
