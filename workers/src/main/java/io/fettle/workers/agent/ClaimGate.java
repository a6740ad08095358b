package io.fettle.workers.agent;

import io.fettle.activities.capacity.HostClaim;
import io.fettle.workflows.capacity.ClaimActivities;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Host;
import io.temporal.activity.Activity;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;

/**
 * Polls for a claim while the host is free, and not otherwise: a host that is taken would only take
 * claims away from one that is not. With one poller and one slot no poll is under way while a claim
 * is answered, so none is left behind.
 */
final class ClaimGate implements AutoCloseable {
  private final WorkerFactory factory;
  private final Worker worker;
  private boolean started; // guarded by this

  ClaimGate(WorkerFactory factory, String queue, HostClaim claim) {
    this.factory = factory;
    var options =
        WorkerOptions.newBuilder()
            .setMaxConcurrentActivityTaskPollers(1)
            .setMaxConcurrentActivityExecutionSize(1)
            .build();
    this.worker = factory.newWorker(queue, options);
    worker.registerActivitiesImplementations(new Claims(claim));
  }

  private final class Claims implements ClaimActivities {
    private final HostClaim claim;

    Claims(HostClaim claim) {
      this.claim = claim;
    }

    @Override
    public Host claim(ClaimRequest request) {
      var host = claim.claim(request, Activity.getExecutionContext().getInfo().getWorkflowRunId());
      shut();
      return host;
    }
  }

  synchronized void open() {
    if (!started) {
      factory.start();
      started = true;
    } else if (worker.isSuspended()) {
      worker.resumePolling();
    }
  }

  synchronized void shut() {
    if (started && !worker.isSuspended()) {
      worker.suspendPolling();
    }
  }

  @Override
  public synchronized void close() {
    factory.shutdownNow();
  }
}
