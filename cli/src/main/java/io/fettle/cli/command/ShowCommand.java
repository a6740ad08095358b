package io.fettle.cli.command;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.evaluation.series.Place;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.Runs;
import io.fettle.cli.view.RunLines;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.run.RunStatus;
import io.temporal.client.WorkflowException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "show",
    description = "Shows a run's phases, leases and result as they stand.",
    mixinStandardHelpOptions = true)
public final class ShowCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Output output;

  /** {@code record} is null before the run's first execution has ended. */
  record Result(
      Runs.Found run,
      RunStatus status,
      Capacity.Spent spent,
      Optional<Double> budgetDollars,
      @Nullable RunStory record) {}

  @Override
  public Integer call() throws InterruptedException {
    return run.run(this::show);
  }

  private int show(LocalCluster cluster, Runs runs, Runs.Found found) {
    var status = status(runs, found);
    output.say("%s  %s".formatted(found.id(), found.status()));
    output.say(status.title());
    if (!status.waitingFor().isEmpty()) {
      output.say("waits for " + status.waitingFor());
    }
    if (!status.dataset().isEmpty()) {
      output.say("dataset   " + status.dataset());
    }
    status.phases().forEach(phase -> output.say("  " + RunLines.phase(phase)));
    status.leases().forEach(lease -> output.say(RunLines.lease(lease)));
    status.audit().forEach(order -> output.say(RunLines.order(order)));
    output.say(
        "  retries spent on crashes: %d of %d; hosts lost to the cloud: %d"
            .formatted(status.crashes(), status.crashesAllowed(), status.preemptions()));
    try (var records = Records.in(cluster.store())) {
      var bill = records.bill(found.id());
      if (RunLines.isPaid(bill)) {
        output.say("  " + RunLines.bill(bill));
      }
      var record = records.newest(found.id());
      record.ifPresent(each -> end(records, each));
      output.result(
          new Result(
              found,
              status,
              bill.spent(),
              bill.cap(),
              record.map(Records.Kept::story).orElse(null)));
    }
    return ExitCode.DONE.code();
  }

  private static RunStatus status(Runs runs, Runs.Found found) {
    try {
      return runs.workflow(found).status();
    } catch (WorkflowException away) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "the control worker does not answer for %s; `fettle up` starts it".formatted(found.id()),
          away);
    }
  }

  private void end(Records records, Records.Kept record) {
    var story = record.story();
    output.say("%s: %s".formatted(story.outcome(), story.why()));
    story.endpoint().ifPresent(name -> output.say("endpoint  " + name));
    Optional.of(story.modelId())
        .filter(id -> !id.isEmpty())
        .ifPresent(id -> output.say("model     " + id));
    records.series(record).ifPresent(this::series);
    output.say("report    " + records.report(record).getPath());
  }

  private void series(Place place) {
    output.say("series    criteria %s, opened by %s".formatted(place.criteria(), place.openedBy()));
    place.said().forEach(each -> output.say("          " + each));
  }
}
