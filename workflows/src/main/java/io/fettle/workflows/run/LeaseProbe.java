package io.fettle.workflows.run;

import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.training.Interruption;
import io.fettle.workflows.training.Interruption.HostLost;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.LedgerActivities;
import io.fettle.workflows.training.ProbeAnswer;
import io.fettle.workflows.training.ProbeRequest;
import io.fettle.workflows.training.TrainEnd.LostContact;
import io.fettle.workflows.training.WatchLease;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Functions.Func;
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

  /** A host that was silent for minutes may wait, and a history may not grow by the second. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String run;
  private final Steps steps;
  private final Hosts hosts;

  /** Of the leases of that run's ledger. */
  LeaseProbe(String run, Steps steps, Hosts hosts) {
    this.run = run;
    this.steps = steps;
    this.hosts = hosts;
  }

  /** Empty: the trainer is to be adopted (or its exit record read) by asking for train again. */
  Optional<Interruption> afterLosing(Host host, Lease lease, Duration leaseTime, LostContact lost) {
    if (steps.pace().silenceIsDeath()) {
      return Optional.of(new HostLost("silent", lost.lastStep()));
    }
    if (Workflow.getVersion("ask-agent-and-provider-at-once", Workflow.DEFAULT_VERSION, 1) == 1) {
      return firstToKnow(host, lease, leaseTime, lost);
    }
    return oneAfterTheOther(host, lease, leaseTime, lost);
  }

  /**
   * Agent, provider and lease watch are asked at once: neither waits for another one's timeout, and
   * a provider that is away does not keep a lease from running out.
   */
  private Optional<Interruption> firstToKnow(
      Host host, Lease lease, Duration leaseTime, LostContact lost) {
    CompletablePromise<Optional<Interruption>> known = Workflow.newPromise();
    CancellationScope asking =
        Workflow.newCancellationScope(
            () -> {
              look(known, () -> agentKnows(host, lease, lost));
              look(known, () -> providerKnows(host, lost));
              look(known, () -> ranOut(lease, leaseTime, lost));
            });
    asking.run();
    try {
      return known.get();
    } finally {
      asking.cancel("it is known");
    }
  }

  /** Whether it is over, where it is known. */
  private record Known(Optional<Interruption> death) {}

  private void look(CompletablePromise<Optional<Interruption>> known, Func<Optional<Known>> ask) {
    Async.procedure(
            () -> {
              Duration pause = BETWEEN_LOOKS;
              Optional<Known> answer = ask.apply();
              while (answer.isEmpty() && !known.isCompleted()) {
                Workflow.sleep(steps.pace().of(pause));
                pause = Pace.doubled(pause, LONGEST_PAUSE);
                answer = ask.apply();
              }
              answer.ifPresent(first -> known.complete(first.death()));
            })
        .handle((_, failure) -> failure == null || known.completeExceptionally(failure));
  }

  private Optional<Known> agentKnows(Host host, Lease lease, LostContact lost) {
    ProbeAnswer answer = ask(host, lease);
    return switch (answer.state()) {
      case RUNNING, EXITED -> Optional.of(new Known(Optional.empty()));
      case GONE -> Optional.of(dead(answer.detail(), lost));
      case UNKNOWN -> Optional.empty();
    };
  }

  private Optional<Known> providerKnows(Host host, LostContact lost) {
    return hosts.endByProvider(host).map(why -> dead(says(host, why), lost));
  }

  private static String says(Host host, String why) {
    String end = "the provider says that " + host.id() + " is terminated";
    return why.isEmpty() ? end : end + ": " + why;
  }

  private static Known dead(String reason, LostContact lost) {
    return new Known(Optional.of(new HostLost(reason, lost.lastStep())));
  }

  private Optional<Known> ranOut(Lease lease, Duration leaseTime, LostContact lost) {
    try {
      watcher(lease).watchLease(new WatchLease(run, lease.number(), leaseTime));
    } catch (ActivityFailure failure) {
      if (isCancelled(failure)) {
        throw failure;
      }
    }
    return Optional.of(silent(leaseTime, lost));
  }

  private static Known silent(Duration leaseTime, LostContact lost) {
    return dead("silent for the whole lease of " + leaseTime, lost);
  }

  /** As executions did that began before the three were asked at once. */
  private Optional<Interruption> oneAfterTheOther(
      Host host, Lease lease, Duration leaseTime, LostContact lost) {
    Watch watch = watch(lease, leaseTime);
    try {
      while (true) {
        Optional<Known> known = agentKnows(host, lease, lost).or(() -> providerKnows(host, lost));
        if (known.isPresent()) {
          return known.get().death();
        }
        if (Workflow.await(steps.pace().of(BETWEEN_LOOKS), watch.ended()::isCompleted)) {
          return silent(leaseTime, lost).death();
        }
      }
    } finally {
      watch.scope().cancel();
    }
  }

  private LedgerActivities watcher(Lease lease) {
    return steps.leaseWatch("watch lease " + lease.number());
  }

  private record Watch(CancellationScope scope, Promise<Boolean> ended) {}

  private Watch watch(Lease lease, Duration leaseTime) {
    var ended = Workflow.<Boolean>newPromise();
    CancellationScope scope =
        Workflow.newCancellationScope(
            () ->
                Async.procedure(
                        watcher(lease)::watchLease, new WatchLease(run, lease.number(), leaseTime))
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
