package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.capacity.Strategy.Hold;
import io.fettle.benchmarks.capacity.Strategy.View;

/** One training under one strategy, in small steps of time. */
final class Simulation {
  private static final double TICK = 10; // seconds
  private static final double HOUR = 3600;

  /** Of a change, what is left to do once the next host is ready and the last has saved. */
  private static final double RESTART = 120;

  /** Past which a run is not followed. */
  private static final int DEADLINES = 3;

  private final Job job;
  private final Strategy strategy;
  private Hold hold = Hold.NOTHING;
  private double now;
  private double ask;
  private double starting;
  private double spare = Double.POSITIVE_INFINITY; // when a spot host will be ready
  private double kept;
  private double fresh;
  private double trained;
  private double dollars;
  private int taken;

  /**
   * @param finished seconds from the start; infinite: not within thrice the deadline
   */
  record Outcome(double dollars, double finished) {}

  private Simulation(Job job, Strategy strategy) {
    this.job = job;
    this.strategy = strategy;
  }

  static Outcome of(Job job, Strategy strategy) {
    return new Simulation(job, strategy).run();
  }

  private Outcome run() {
    while (kept + fresh < job.work()) {
      if (now > DEADLINES * job.deadline()) {
        return new Outcome(dollars, Double.POSITIVE_INFINITY);
      }
      boolean up = job.market().isUp(now);
      if (!up) {
        loseSpot();
      }
      if (now >= spare) {
        moveToSpare();
      }
      if (now >= ask && hold != Hold.SPOT && spare == Double.POSITIVE_INFINITY) {
        decide(up);
      }
      pass();
    }
    return new Outcome(dollars, now);
  }

  private void loseSpot() {
    spare = Double.POSITIVE_INFINITY;
    if (hold == Hold.SPOT) {
      hold = Hold.NOTHING;
      fresh = 0;
      taken++;
      ask = now;
    }
  }

  private void moveToSpare() {
    spare = Double.POSITIVE_INFINITY;
    save();
    hold = Hold.SPOT;
    starting = RESTART;
  }

  private void decide(boolean up) {
    var move = strategy.next(new View(job, now, up, hold, kept(), trained, taken));
    ask = now + Math.max(TICK, move.again());
    if (move.hold() == hold) {
      return;
    }
    if (hold == Hold.ON_DEMAND && strategy.overlaps()) {
      spare = now + job.change() - RESTART;
      return;
    }
    save();
    hold = move.hold();
    starting = job.change();
  }

  /** On demand nothing is lost, so what was trained counts as it is trained. */
  private double kept() {
    return hold == Hold.ON_DEMAND ? kept + fresh : kept;
  }

  private void save() {
    kept += fresh;
    fresh = 0;
  }

  private void pass() {
    double price = hold == Hold.SPOT ? job.spot() : hold == Hold.ON_DEMAND ? job.onDemand() : 0;
    double also = spare < Double.POSITIVE_INFINITY ? job.spot() : 0;
    dollars += (price + also) * TICK / HOUR;
    now += TICK;
    if (hold == Hold.NOTHING) {
      return;
    }
    if (starting > 0) {
      starting -= TICK;
      return;
    }
    fresh += TICK;
    trained += TICK;
    if (fresh >= job.save()) {
      save();
    }
  }

  /**
   * No strategy costs less: the longest stretches of spot, as far as they pay and are needed, and
   * on-demand without any change for the rest.
   */
  static double bound(Job job) {
    var stretches =
        job.market().spans().stream()
            .filter(span -> span.up() && span.from() < job.deadline())
            .mapToDouble(span -> Math.min(span.to(), job.deadline()) - span.from())
            .filter(length -> length > job.change())
            .filter(length -> job.spot() * length < job.onDemand() * (length - job.change()))
            .sorted()
            .toArray();
    double left = job.work();
    double dollars = 0;
    for (int i = stretches.length - 1; i >= 0 && left > 0; i--) {
      double work = Math.min(left, stretches[i] - job.change());
      left -= work;
      dollars += job.spot() * (work + job.change()) / HOUR;
    }
    return dollars + job.onDemand() * left / HOUR;
  }
}
