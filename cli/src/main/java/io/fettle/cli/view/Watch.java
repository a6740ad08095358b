package io.fettle.cli.view;

import io.fettle.cli.ExitCode;
import io.fettle.cli.runs.Look;
import io.fettle.cli.runs.Runs;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.run.RunStatus;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TerminatedFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Follows a run to its end: a line a phase and a lease, and what it does now at the bottom. */
public final class Watch {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Runs runs;
  private final Screen screen;
  private final Consumer<Look> alsoTold;
  private int phasesSaid;
  private int leaseSaid; // a number: a long list is folded
  private boolean awaySaid;
  private String waitSaid = "";

  public Watch(Runs runs, Screen screen) {
    this(runs, screen, _ -> {});
  }

  /**
   * @param alsoTold hears of each look at the run, about once a second
   */
  public Watch(Runs runs, Screen screen, Consumer<Look> alsoTold) {
    this.runs = runs;
    this.screen = screen;
    this.alsoTold = alsoTold;
  }

  /**
   * How it ended, or that it waits for an operator.
   *
   * @param record empty where the run left none
   */
  public record Ended(ExitCode code, String why, Optional<RunRecord> record) {}

  /** Until the run ends, is parked or paused. Ctrl-C leaves it alone and says how to come back. */
  public Ended follow(Runs.Found run) throws InterruptedException {
    var runtime = Runtime.getRuntime();
    var farewell = new Thread(() -> detached(run.id()));
    runtime.addShutdownHook(farewell);
    try {
      return untilItEnds(run);
    } finally {
      screen.live("");
      runtime.removeShutdownHook(farewell);
    }
  }

  private void detached(String run) {
    screen.live("");
    screen.say("");
    screen.say("detached; %s goes on".formatted(run));
    screen.say("  fettle watch %s    follows it again".formatted(run));
    screen.say("  fettle cancel %s   ends it".formatted(run));
  }

  private Ended untilItEnds(Runs.Found run) throws InterruptedException {
    WorkflowStub stub = runs.stub(run);
    // asked once: the server answers a question of a second at once, and the SDK then asks again
    var result = stub.getResultAsync(RunRecord.class);
    while (true) {
      try {
        RunRecord record = result.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        sayLast(run);
        return ended(record);
      } catch (TimeoutException notYet) {
        var parked = look(run);
        if (parked.isPresent()) {
          return parked.get();
        }
      } catch (ExecutionException e) {
        var failed = failure(e);
        if (failed.isPresent()) {
          sayLast(run);
          return failed(run, failed.get());
        }
        sayAway();
        Thread.sleep(LOOK);
        result = stub.getResultAsync(RunRecord.class);
      }
    }
  }

  /** The run's own; empty where the server could not be asked. */
  private static Optional<WorkflowFailedException> failure(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof WorkflowFailedException failed) {
        return Optional.of(failed);
      }
    }
    return Optional.empty();
  }

  private void sayLast(Runs.Found run) {
    try {
      say(runs.look(run).status());
    } catch (WorkflowException away) {
      sayAway();
    }
  }

  private Optional<Ended> look(Runs.Found run) {
    try {
      var look = runs.look(run);
      awaySaid = false;
      say(look.status());
      now(look);
      alsoTold.accept(look);
      return look.isParked() ? Optional.of(parked(run, look.status())) : Optional.empty();
    } catch (WorkflowException away) {
      sayAway();
      return Optional.empty();
    }
  }

  private void sayAway() {
    if (!awaySaid) {
      screen.say(
          "  the server or the control worker does not answer; the run goes on by itself, asking again");
      awaySaid = true;
    }
  }

  private void say(RunStatus status) {
    List<PhaseTime> phases = status.phases();
    List<LeaseStory> leases = status.leases();
    for (LeaseStory lease : leases) {
      if (lease.number() > leaseSaid && !lease.ended().equals("running")) {
        screen.say(RunLines.lease(lease));
        leaseSaid = lease.number();
      }
    }
    while (phasesSaid < phases.size() && !phases.get(phasesSaid).state().equals("running")) {
      screen.say(RunLines.phase(phases.get(phasesSaid++)));
    }
  }

  private void now(Look look) {
    var waiting = look.status().waitingFor();
    if (!waiting.isEmpty() && !waiting.equals(waitSaid)) {
      screen.say("  waiting for " + waiting);
    }
    waitSaid = waiting;
    var activity = look.train().map(RunLines::train).or(look::activity);
    screen.live(activity.orElseGet(() -> "  " + look.status().phase() + " ..."));
  }

  private Ended parked(Runs.Found run, RunStatus status) {
    screen.live("");
    var why = "%s waits for %s".formatted(run.id(), status.waitingFor());
    screen.say(why);
    screen.say(
        "  fettle unpause %s --reason WHY   lets it go on; fettle cancel %s ends it"
            .formatted(run.id(), run.id()));
    return new Ended(ExitCode.PARKED, why, Optional.empty());
  }

  private Ended ended(RunRecord record) {
    screen.live("");
    screen.say("%s: %s".formatted(record.outcome(), record.why()));
    screen.say("report  " + record.report().uri().getPath());
    return new Ended(code(record), record.why(), Optional.of(record));
  }

  static ExitCode code(RunRecord record) {
    return switch (record.outcome()) {
      case DEPLOYED, EVALUATED, ADVISED -> ExitCode.DONE;
      case REFUSED -> ExitCode.GATE_CLOSED;
      case NOT_APPROVED -> ExitCode.NOT_APPROVED;
      case ADVISED_AGAINST -> ExitCode.ADVISED_AGAINST;
      case UNKNOWN -> ExitCode.FAILED;
    };
  }

  private Ended failed(Runs.Found run, WorkflowFailedException failure) {
    screen.live("");
    var cause = failure.getCause();
    if (cause instanceof CanceledFailure || cause instanceof TerminatedFailure) {
      var why = run.id() + " was cancelled";
      screen.say(why);
      return new Ended(ExitCode.CANCELLED, why, Optional.empty());
    }
    var why = "%s failed: %s".formatted(run.id(), innermost(failure));
    screen.say(why);
    screen.say(
        "  fettle logs %s   names the logs; the same `fettle run` goes on from what is finished"
            .formatted(run.id()));
    return new Ended(ExitCode.FAILED, why, Optional.empty());
  }

  private static String innermost(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof TemporalFailure known
        ? known.getOriginalMessage()
        : String.valueOf(root.getMessage());
  }
}
