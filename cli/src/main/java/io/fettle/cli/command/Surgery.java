package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.runs.Runs;
import io.fettle.workflows.run.Amend;
import io.fettle.workflows.run.Decision;
import io.fettle.workflows.run.Pause;
import io.fettle.workflows.run.Unpause;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowUpdateException;
import java.util.function.Supplier;

/** An operator's hand in a live run; what the run refuses is a sentence. */
final class Surgery {
  private Surgery() {}

  /** What {@code --json} prints: what was done to which run, by whom and why. */
  record Done(String run, String action, String by, String reason) {}

  static ExitCode decide(Runs runs, Runs.Found run, boolean approved, Who who, Output output) {
    var taken =
        asked(run, () -> runs.workflow(run).decide(new Decision(approved, who.by(), who.reason())));
    var action = taken.approved() ? "approved" : "rejected";
    output.say("%s %s by %s: %s".formatted(run.id(), action, taken.by(), taken.reason()));
    output.result(new Done(run.id(), action, taken.by(), taken.reason()));
    return ExitCode.DONE;
  }

  static ExitCode pause(Runs runs, Runs.Found run, Who who, Output output) {
    asked(run, () -> runs.workflow(run).pause(new Pause(who.by(), who.reason())));
    output.say(
        "%s is being paused: a train saves first, then the host goes back".formatted(run.id()));
    output.say("  fettle unpause %s --reason WHY   lets it go on".formatted(run.id()));
    output.result(new Done(run.id(), "paused", who.by(), who.reason()));
    return ExitCode.DONE;
  }

  static ExitCode amend(Runs runs, Runs.Found run, Amend change, Output output) {
    var amended = asked(run, () -> runs.workflow(run).amend(change));
    for (var entry : amended.entries()) {
      output.say(
          "%s, %s: %s -> %s".formatted(run.id(), entry.action(), entry.before(), entry.after()));
    }
    output.result(amended);
    return ExitCode.DONE;
  }

  static ExitCode unpause(Runs runs, Runs.Found run, Who who, Output output) {
    var parkedFor =
        asked(run, () -> runs.workflow(run).unpause(new Unpause(who.by(), who.reason())));
    output.say("%s goes on; it waited for: %s".formatted(run.id(), parkedFor));
    output.result(new Done(run.id(), "unpaused", who.by(), who.reason()));
    return ExitCode.DONE;
  }

  static ExitCode cancel(Runs runs, Runs.Found run, Who who, Output output) {
    if (!run.isOpen()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s is %s; there is nothing to cancel".formatted(run.id(), run.status()));
    }
    var stub = runs.stub(run);
    asked(
        run,
        () -> {
          stub.cancel("%s, by %s".formatted(who.reason(), who.by()));
          return run;
        });
    output.say(
        "%s is being cancelled: the trainer saves a last checkpoint, its host goes back"
            .formatted(run.id()));
    output.say("  fettle watch %s   follows it to its end".formatted(run.id()));
    output.result(new Done(run.id(), "cancelled", who.by(), who.reason()));
    return ExitCode.DONE;
  }

  private static <T> T asked(Runs.Found run, Supplier<T> request) {
    try {
      return request.get();
    } catch (WorkflowUpdateException refused) {
      throw new CommandFailure(ExitCode.INVALID, reason(refused), refused);
    } catch (WorkflowNotFoundException closed) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s is %s; it takes no more orders".formatted(run.id(), run.status()),
          closed);
    } catch (WorkflowException away) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "%s did not answer: %s; `fettle status` says what runs"
              .formatted(run.id(), away.getMessage()),
          away);
    }
  }

  private static String reason(WorkflowUpdateException refused) {
    var cause = refused.getCause();
    return cause instanceof io.temporal.failure.ApplicationFailure known
        ? known.getOriginalMessage()
        : String.valueOf(refused.getMessage());
  }
}
