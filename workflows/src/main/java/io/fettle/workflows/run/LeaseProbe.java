package io.fettle.workflows.run;

import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.training.Interruption;
import io.fettle.workflows.training.Interruption.HostLost;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.ProbeAnswer;
import io.fettle.workflows.training.ProbeRequest;
import io.fettle.workflows.training.TrainEnd.LostContact;
import io.fettle.workflows.training.WatchLease;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;

/**
 * What lost contact means. Death needs one authoritative sign: the provider's word, or the agent's
 * that the trainer is gone. Otherwise the lease runs out, counted by an activity, never by a
 * workflow timer.
 */
final class LeaseProbe {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);

  private final String run = Workflow.getInfo().getWorkflowId();
  private final Steps steps;
  private final Hosts hosts;

  LeaseProbe(Steps steps, Hosts hosts) {
    this.steps = steps;
    this.hosts = hosts;
  }

  /** Empty: the trainer is to be adopted (or its exit record read) by asking for train again. */
  Optional<Interruption> afterLosing(Host host, Lease lease, Duration leaseTime, LostContact lost) {
    if (steps.pace().silenceIsDeath()) {
      return Optional.of(new HostLost("silent", lost.lastStep()));
    }
    Watch watch = watch(lease, leaseTime);
    try {
      while (true) {
        ProbeAnswer answer = ask(host, lease);
        if (answer.state() == ProbeAnswer.State.RUNNING
            || answer.state() == ProbeAnswer.State.EXITED) {
          return Optional.empty();
        }
        Optional<Interruption> death = death(host, answer, lost);
        if (death.isPresent()) {
          return death;
        }
        if (Workflow.await(steps.pace().of(BETWEEN_LOOKS), watch.ended()::isCompleted)) {
          return Optional.of(
              new HostLost("silent for the whole lease of " + leaseTime, lost.lastStep()));
        }
      }
    } finally {
      watch.scope().cancel();
    }
  }

  private Optional<Interruption> death(Host host, ProbeAnswer answer, LostContact lost) {
    if (answer.state() == ProbeAnswer.State.GONE) {
      return Optional.of(new HostLost(answer.detail(), lost.lastStep()));
    }
    return hosts.isTerminated(host)
        ? Optional.of(
            new HostLost("the provider says that " + host.id() + " is terminated", lost.lastStep()))
        : Optional.empty();
  }

  private record Watch(CancellationScope scope, Promise<Boolean> ended) {}

  private Watch watch(Lease lease, Duration leaseTime) {
    var ended = Workflow.<Boolean>newPromise();
    CancellationScope scope =
        Workflow.newCancellationScope(
            () ->
                Async.procedure(
                        steps.leaseWatch("watch lease " + lease.number())::watchLease,
                        new WatchLease(run, lease.number(), leaseTime))
                    .handle((done, failure) -> failure == null || !isCancelled(failure))
                    .thenApply(ranOut -> ranOut && ended.complete(true)));
    scope.run();
    return new Watch(scope, ended);
  }

  private static boolean isCancelled(RuntimeException failure) {
    return failure instanceof CanceledFailure || failure.getCause() instanceof CanceledFailure;
  }

  private ProbeAnswer ask(Host host, Lease lease) {
    try {
      return steps
          .control(host, "probe lease " + lease.number() + " on " + host.id())
          .probe(new ProbeRequest(run, lease.number()));
    } catch (ActivityFailure silent) {
      if (silent.getCause() instanceof CanceledFailure) {
        throw silent;
      }
      return new ProbeAnswer(ProbeAnswer.State.UNKNOWN, "");
    }
  }
}
