package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.run.FineTuneWorkflow;
import io.fettle.workflows.run.RunStatus;
import io.fettle.workflows.training.TrainProgress;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Follows a run to its end, a line a change. */
final class Watch {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Runs runs;
  private final Output output;
  private final DataConverter converter = Wire.dataConverter();
  private int phasesSaid;
  private int leasesSaid;
  private String lastLine = "";

  Watch(Runs runs, Output output) {
    this.runs = runs;
    this.output = output;
  }

  ExitCode follow(String run) throws InterruptedException {
    Runs.Found found = runs.named(run);
    WorkflowStub stub = runs.stub(found);
    while (true) {
      try {
        RunRecord record = stub.getResult(LOOK.toMillis(), TimeUnit.MILLISECONDS, RunRecord.class);
        say(runs.workflow(found).status());
        return ended(record);
      } catch (TimeoutException notYet) {
        look(found, stub);
      } catch (WorkflowFailedException failed) {
        return failed(found, failed);
      }
    }
  }

  private void look(Runs.Found found, WorkflowStub stub) {
    try {
      FineTuneWorkflow workflow = runs.workflow(found);
      RunStatus status = workflow.status();
      say(status);
      pending(stub).ifPresent(line -> sayOnce("  " + line));
      if (!status.waitingFor().isEmpty()) {
        sayOnce("  waiting for " + status.waitingFor());
      }
    } catch (WorkflowException away) {
      sayOnce("  the server or the control worker does not answer; the run goes on without us");
    }
  }

  private void say(RunStatus status) {
    List<PhaseTime> phases = status.phases();
    while (phasesSaid < phases.size() && !phases.get(phasesSaid).state().equals("running")) {
      PhaseTime phase = phases.get(phasesSaid++);
      output.say(
          String.format(
              Locale.ROOT,
              "%-10s %-8s %7.1f s  %s",
              phase.name(),
              phase.state(),
              phase.seconds(),
              phase.note()));
    }
    while (leasesSaid < status.leases().size()
        && !status.leases().get(leasesSaid).ended().equals("running")) {
      var lease = status.leases().get(leasesSaid++);
      output.say(
          "  lease %d on %s: step %d to %d, %s: %s"
              .formatted(
                  lease.number(),
                  lease.host(),
                  lease.fromStep(),
                  lease.toStep(),
                  lease.ended(),
                  lease.reason()));
    }
  }

  private void sayOnce(String line) {
    if (!line.equals(lastLine)) {
      output.say(line);
      lastLine = line;
    }
  }

  /** What the activity under way says of itself. */
  private Optional<String> pending(WorkflowStub stub) {
    List<PendingActivityInfo> pending =
        stub.describe().getRawDescription().getPendingActivitiesList();
    return pending.stream()
        .filter(PendingActivityInfo::hasHeartbeatDetails)
        .findFirst()
        .map(this::told);
  }

  private String told(PendingActivityInfo activity) {
    String name = activity.getActivityType().getName();
    var payloads = Optional.of(activity.getHeartbeatDetails());
    if (name.equals("Train")) {
      return line(converter.fromPayloads(0, payloads, TrainProgress.class, TrainProgress.class));
    }
    return name.toLowerCase(Locale.ROOT)
        + " "
        + activity.getHeartbeatDetails().getPayloads(0).getData().toStringUtf8();
  }

  private static String line(TrainProgress train) {
    return String.format(
        Locale.ROOT,
        "lease %d  %s  step %d/%d  loss %s  dev %s  %s tok/s  eta %s s  checkpoint %d",
        train.lease(),
        train.phase(),
        train.step(),
        train.maxSteps(),
        number(train.loss()),
        number(train.devLoss()),
        train.tokensPerSecond().map(t -> String.format(Locale.ROOT, "%.0f", t)).orElse("-"),
        train.etaSeconds().map(String::valueOf).orElse("-"),
        train.checkpointStep());
  }

  private static String number(Optional<Double> value) {
    return value.map(v -> String.format(Locale.ROOT, "%.3f", v)).orElse("-");
  }

  private ExitCode ended(RunRecord record) {
    output.say("%s: %s".formatted(record.outcome(), record.why()));
    output.say("report  " + record.report().uri());
    output.result(record);
    return switch (record.outcome()) {
      case DEPLOYED, EVALUATED -> ExitCode.DONE;
      case REFUSED -> ExitCode.GATE_CLOSED;
      case NOT_APPROVED -> ExitCode.NOT_APPROVED;
      case ADVISED_AGAINST -> ExitCode.ADVISED_AGAINST;
      case UNKNOWN -> ExitCode.FAILED;
    };
  }

  private ExitCode failed(Runs.Found found, WorkflowFailedException failure) {
    if (failure.getCause() instanceof CanceledFailure) {
      output.say(found.id() + " was cancelled");
      return ExitCode.CANCELLED;
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    output.say("%s failed: %s".formatted(found.id(), root.getMessage()));
    return ExitCode.FAILED;
  }
}
