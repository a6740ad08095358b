package io.fettle.cli.view;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.elastic.Spending.Bill;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.training.TrainProgress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A run's parts as lines. */
public final class RunLines {
  private RunLines() {}

  public static String phase(PhaseTime phase) {
    return String.format(
            Locale.ROOT,
            "%-10s %-8s %8s  %s",
            phase.name(),
            phase.state(),
            phase.state().equals("running") ? "" : seconds(phase.seconds()),
            phase.note())
        .stripTrailing();
  }

  public static String lease(LeaseStory lease) {
    return "  lease %d on %s: %s to step %d, %s"
        .formatted(
            lease.number(),
            lease.host(),
            start(lease),
            lease.toStep(),
            lease.ended().equals("running")
                ? "running"
                : "%s: %s".formatted(lease.ended(), lease.reason()));
  }

  /** An operator's order: who, what and why, and the values where it changed one. */
  public static String order(AuditEntry order) {
    var change =
        order.after().isEmpty() ? "" : " (%s -> %s)".formatted(order.before(), order.after());
    return "  %s by %s%s: %s".formatted(order.action(), order.by(), change, order.reason());
  }

  /** Whether the run has hosts that cost something, or a cap on them. */
  public static boolean isPaid(Bill bill) {
    return !bill.spent().equals(Capacity.Spent.NOTHING) || bill.cap().isPresent();
  }

  /** What hosts have cost, and may. */
  public static String bill(Bill bill) {
    var line = "hosts have cost %s so far".formatted(dollars(bill.spent(), bill.cap()));
    int unpriced = bill.spent().unpriced();
    if (unpriced > 0) {
      line += "; what %d of them cost is not known".formatted(unpriced);
    }
    return bill.experiment().isEmpty()
        ? line
        : line
            + "; those of experiment %s %s"
                .formatted(bill.experiment().get(), dollars(bill.together(), bill.togetherCap()));
  }

  private static String dollars(Capacity.Spent spent, Optional<Double> cap) {
    var of = cap.map(most -> String.format(Locale.ROOT, " of %.2f", most)).orElse("");
    return String.format(Locale.ROOT, "%.2f%s dollars", spent.dollars(), of);
  }

  private static String start(LeaseStory lease) {
    return lease.fromLease() == 0
        ? "from step 0"
        : "resumed at step %d of lease %d".formatted(lease.fromStep(), lease.fromLease());
  }

  /** Phase, step, loss, speed, time left and lease, in less than a terminal's width. */
  public static String train(TrainProgress train) {
    return String.format(
        Locale.ROOT,
        "  %s %d/%d  loss %s  dev %s  %s tok/s  eta %s  lease %d  saved %d",
        train.phase(),
        train.step(),
        train.maxSteps(),
        number("%.3f", train.loss()),
        number("%.3f", train.devLoss()),
        number("%.0f", train.tokensPerSecond()),
        train.etaSeconds().map(RunLines::duration).orElse("-"),
        train.lease(),
        train.checkpointStep());
  }

  private static String number(String format, Optional<Double> value) {
    return value.map(given -> String.format(Locale.ROOT, format, given)).orElse("-");
  }

  public static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  /** As {@code 45s}, {@code 3m20s} or {@code 2h05m}. */
  public static String duration(long seconds) {
    var time = Duration.ofSeconds(seconds);
    if (time.toHours() > 0) {
      return String.format(Locale.ROOT, "%dh%02dm", time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0
        ? String.format(Locale.ROOT, "%dm%02ds", time.toMinutes(), time.toSecondsPart())
        : time.toSeconds() + "s";
  }
}
