package io.fettle.workers.agent;

import io.fettle.activities.capacity.HostClaim;
import io.fettle.workflows.capacity.ClaimActivities;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Host;
import io.temporal.activity.Activity;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls for a claim while the host is free, and not otherwise: a host that is taken would only take
 * claims away from one that is not. With one poller and one slot no poll is under way while a claim
 * is answered; and since a poller that waits for the slot would poll once more, suspended or not,
 * each opening has a factory of its own, which ends with it.
 */
final class ClaimGate implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClaimGate.class);

  private final Supplier<WorkerFactory> factories;
  private final String queue;
  private final HostClaim claim;
  private @Nullable WorkerFactory polling; // guarded by this

  ClaimGate(Supplier<WorkerFactory> factories, String queue, HostClaim claim) {
    this.factories = factories;
    this.queue = queue;
    this.claim = claim;
  }

  private final class Claims implements ClaimActivities {
    @Override
    public Host claim(ClaimRequest request) {
      var host = claim.claim(request, Activity.getExecutionContext().getInfo().getWorkflowRunId());
      shut();
      return host;
    }
  }

  /** Unless the host has been taken meanwhile. */
  synchronized void open() {
    if (polling == null && claim.current().isEmpty()) {
      var factory = factories.get();
      var options =
          WorkerOptions.newBuilder()
              .setMaxConcurrentActivityTaskPollers(1)
              .setMaxConcurrentActivityExecutionSize(1)
              .build();
      factory.newWorker(queue, options).registerActivitiesImplementations(new Claims());
      try {
        factory.start();
      } catch (RuntimeException unheard) { // it asks the server first; the next look tries another
        endQuietly(factory);
        throw unheard;
      }
      polling = factory;
    }
  }

  private static void endQuietly(WorkerFactory factory) {
    try {
      factory.shutdownNow();
    } catch (RuntimeException unheard) { // nothing of it polls
      log.debug("a factory that did not start was not told to end", unheard);
    }
  }

  /** An answer that is under way still goes out. */
  synchronized void shut() {
    if (polling != null) {
      polling.shutdown();
      polling = null;
    }
  }

  @Override
  public void close() {
    shut();
  }
}
