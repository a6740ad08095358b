package io.fettle.activities.capacity.policy;

import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.spec.CapacityTerms;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Where a run stands against its deadline, by uniform progress ("Can't Be Late", NSDI 2024): the
 * share of the work done is held against the share of the time gone. Unlike there, a run may lag by
 * a part of its slack before it pays for on-demand, since spot often comes back within minutes.
 *
 * @param total seconds from the run's start to the deadline; infinite: there is none
 * @param left seconds until it
 * @param work seconds of training that are left; empty: nothing is known of it yet
 * @param done share of the training
 * @param change seconds from a choice to the first new step
 */
record Stance(double total, double left, OptionalDouble work, double done, double change) {
  /** Of a training whose length nobody has told or measured, by when to stop hoping for spot. */
  private static final double BLIND = 0.25;

  /** Changes of host that are kept in hand: one that fails, the last, and unsaved work as long. */
  private static final int NET = 3;

  /** Of the slack, how much of it a run may lag: measured by the simulator of the benchmarks. */
  private static final double LAG = 0.5;

  static Stance of(CapacityTerms terms, CapacityProgress progress, Duration changeover) {
    double gone = (progress.nowMillis() - progress.startedMillis()) / 1000.0;
    double total =
        terms.deadline().map(time -> (double) time.toSeconds()).orElse(Double.POSITIVE_INFINITY);
    double done = progress.steps() > 0 ? (double) progress.step() / progress.steps() : 0;
    return new Stance(
        total, total - gone, work(terms, progress, done), done, (double) changeover.toSeconds());
  }

  /** As measured, repeated steps included; before that, as the spec expects it. */
  private static OptionalDouble work(CapacityTerms terms, CapacityProgress progress, double done) {
    if (done > 0 && progress.trainedSeconds() > 0) {
      return OptionalDouble.of(progress.trainedSeconds() / done * (1 - done));
    }
    return terms.expected().isPresent()
        ? OptionalDouble.of(terms.expected().get().toSeconds() * (1 - done))
        : OptionalDouble.empty();
  }

  boolean hasDeadline() {
    return total < Double.POSITIVE_INFINITY;
  }

  /** Only a host that nobody takes back is sure to make it, if any is. */
  boolean isAtRisk() {
    return hasDeadline() && (work.isPresent() ? slack() <= 0 : gone() > BLIND * total);
  }

  /** Too far behind uniform progress to wait for spot, or there is no telling. */
  boolean isBehind() {
    return hasDeadline() && (work.isEmpty() || room() <= 0);
  }

  /** Whether a change of host would leave it where it need not change again. */
  boolean mayReturn() {
    return !hasDeadline() || (work.isPresent() && slack() > 0 && room() >= change);
  }

  /** Seconds until waiting makes it {@link #isBehind} or {@link #isAtRisk}. */
  double patience() {
    if (!hasDeadline()) {
      return Double.POSITIVE_INFINITY;
    }
    if (work.isEmpty()) {
      return 0;
    }
    double each = all() / total + LAG; // of the room, for a second of waiting
    return Math.max(0, Math.min(slack(), room() / each));
  }

  private double gone() {
    return total - left;
  }

  private double slack() {
    return left - work.orElse(0) - NET * change;
  }

  /** Seconds of training by which it may still fall back. */
  private double room() {
    return LAG * Math.max(0, slack()) - (gone() / total - done) * all();
  }

  /** Seconds of the whole training. */
  private double all() {
    return done < 1 ? work.orElse(0) / (1 - done) : 0;
  }

  String show() {
    if (!hasDeadline()) {
      return "no deadline";
    }
    var share =
        String.format(
            Locale.ROOT,
            "%.1f %% done after %.1f %% of %s",
            100 * done,
            100 * gone() / total,
            hours(total));
    return work.isEmpty()
        ? share + ", work left not known yet"
        : share
            + ", %s of work left and %s of slack".formatted(hours(work.orElse(0)), hours(slack()));
  }

  private static String hours(double seconds) {
    return String.format(Locale.ROOT, "%.2f h", seconds / 3600);
  }
}
