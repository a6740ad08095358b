package io.fettle.workflows.run;

import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.training.Interruption;
import io.fettle.workflows.training.Interruption.Paused;
import io.fettle.workflows.training.Interruption.Preempted;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.StopRequest;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;

/**
 * The stop of one lease's trainer on an operator's word. An agent may be away, or not have started
 * the trainer yet, so it is asked until the lease has closed.
 */
final class TrainStop {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final String run;
  private final Steps steps;
  private final Host host;
  private final Lease lease;
  private Optional<String> asked = Optional.empty();
  private boolean closed;

  /** Of a lease of that run's ledger. */
  TrainStop(String run, Steps steps, Host host, Lease lease) {
    this.run = run;
    this.steps = steps;
    this.host = host;
    this.lease = lease;
  }

  void ask(String why) {
    if (asked.isEmpty()) {
      asked = Optional.of(why);
      Async.procedure(this::untilItCloses, why);
    }
  }

  private void untilItCloses(String why) {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try {
        steps
            .control(host, "stop lease %d on %s".formatted(lease.number(), host.id()))
            .stop(new StopRequest(run, lease.number(), why));
      } catch (ActivityFailure unheard) {
        Workflow.getLogger(TrainStop.class)
            .info("{} was not told to stop: {}", host.id(), unheard.getMessage());
      }
      Workflow.await(pause, () -> closed);
      pause = Pace.doubled(pause, LONGEST_PAUSE);
    }
  }

  /** How the train has closed, knowing who asked for it. */
  Interruption how(Interruption by) {
    return by instanceof Preempted(var _, int checkpointStep, int lastStep) && asked.isPresent()
        ? new Paused(asked.get(), checkpointStep, lastStep)
        : by;
  }

  void closed() {
    closed = true;
  }
}
