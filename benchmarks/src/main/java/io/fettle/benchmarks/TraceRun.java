package io.fettle.benchmarks;

import io.fettle.activities.training.cadence.CheckpointInterval.Seen;
import org.jspecify.annotations.Nullable;

/**
 * One training run that goes through a trace and is interrupted without notice, which is the worst
 * case. Progress is kept once its checkpoint is in the store; uploads run beside the training, one
 * at a time, and a newer checkpoint takes the place of one that waits.
 */
final class TraceRun {
  private final Costs costs;
  private final Policy policy;
  private double progress;
  private double kept;
  private double available;
  private double lost;
  private double stalled;
  private int interruptions;
  private int checkpoints;
  private @Nullable Upload upload;
  private double waiting = -1;

  /** Seconds: training stands still, the upload takes, a new host needs until its first step. */
  record Costs(double stall, double upload, double restart) {}

  /** When to save: seconds of training between two checkpoints. */
  interface Policy {
    double interval(Costs costs, Seen seen);
  }

  /** Seconds, but for the checkpoints. {@code useful} was trained and not lost again. */
  record Result(double useful, double available, double lost, double stalled, int checkpoints) {
    static Result none() {
      return new Result(0, 0, 0, 0, 0);
    }

    Result plus(Result other) {
      return new Result(
          useful + other.useful,
          available + other.available,
          lost + other.lost,
          stalled + other.stalled,
          checkpoints + other.checkpoints);
    }

    double goodput() {
      return useful / available;
    }
  }

  private record Upload(double until, double progress) {}

  private TraceRun(Costs costs, Policy policy) {
    this.costs = costs;
    this.policy = policy;
  }

  static Result replay(Trace trace, Costs costs, Policy policy) {
    var run = new TraceRun(costs, policy);
    trace.stretches().forEach(run::live);
    return new Result(run.progress, run.available, run.lost, run.stalled, run.checkpoints);
  }

  private void live(Trace.Stretch stretch) {
    double now = Math.min(costs.restart(), stretch.seconds());
    double end = stretch.seconds();
    upload = null;
    waiting = -1;
    while (now < end) {
      var interval = policy.interval(costs, new Seen(interruptions, available + now));
      var trained = Math.min(interval, end - now);
      now += trained;
      progress += trained;
      if (now < end) {
        now = save(now, end);
      }
    }
    available += end;
    if (stretch.interrupted()) {
      arrive(end);
      lost += progress - kept;
      progress = kept;
      interruptions++;
    }
  }

  private double save(double now, double end) {
    var stall = Math.min(costs.stall(), end - now);
    stalled += stall;
    if (stall == costs.stall()) { // else it was cut off in the middle of its write
      checkpoints++;
      arrive(now + stall);
      waiting = progress;
      begin(now + stall);
    }
    return now + stall;
  }

  private void begin(double now) {
    if (upload == null && waiting >= 0) {
      upload = new Upload(now + costs.upload(), waiting);
      waiting = -1;
    }
  }

  /** Takes in what has been uploaded by now. */
  private void arrive(double now) {
    var under = upload;
    while (under != null && under.until() <= now) {
      kept = under.progress();
      upload = null;
      begin(under.until());
      under = upload;
    }
  }
}
