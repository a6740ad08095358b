package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.capacity.Strategy.Hold;
import io.fettle.benchmarks.capacity.Strategy.Move;
import io.fettle.benchmarks.capacity.Strategy.View;

/** What the shipped policy is held against; each looks at the market once a minute. */
final class Rivals {
  private static final double TICK = 60;
  private static final int CHANGES = 2;

  private Rivals() {}

  static Move onDemand(View view) {
    return new Move(Hold.ON_DEMAND, Double.POSITIVE_INFINITY);
  }

  /** Spot or nothing, until only on-demand makes the deadline. */
  static Move greedy(View view) {
    if (view.hold() == Hold.ON_DEMAND || isAtRisk(view)) {
      return new Move(Hold.ON_DEMAND, Double.POSITIVE_INFINITY);
    }
    return new Move(view.spotIsUp() ? Hold.SPOT : Hold.NOTHING, TICK);
  }

  /**
   * Uniform progress as published ("Can't Be Late", NSDI 2024): on-demand where there is no spot
   * and the work done falls behind its share of the time, back to spot once the run is two changes
   * ahead of that share, on-demand to the end where the deadline is at risk.
   */
  static Move uniform(View view) {
    if (isAtRisk(view)) {
      return new Move(Hold.ON_DEMAND, TICK);
    }
    double ahead = view.kept() / view.job().work() * view.job().deadline() - view.now();
    if (view.hold() == Hold.ON_DEMAND) {
      boolean back = view.spotIsUp() && ahead >= CHANGES * view.job().change();
      return new Move(back ? Hold.SPOT : Hold.ON_DEMAND, TICK);
    }
    if (view.spotIsUp()) {
      return new Move(Hold.SPOT, TICK);
    }
    return new Move(ahead <= 0 ? Hold.ON_DEMAND : Hold.NOTHING, TICK);
  }

  private static boolean isAtRisk(View view) {
    var job = view.job();
    double net = CHANGES * job.change() + job.save();
    return view.left() - view.work() <= net;
  }
}
