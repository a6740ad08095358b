package io.fettle.activities.lineage.report;

import java.util.ArrayList;
import java.util.List;

/** A linear scale from values to pixels, with round ticks. */
record Axis(double low, double high, double start, double end) {
  private static final double[] ROUND = {1, 2, 2.5, 5, 10};

  double at(double value) {
    return high == low ? start : start + (value - low) / (high - low) * (end - start);
  }

  /** The distance between ticks, so that there are about as many as asked for. */
  static double tick(double span, int wanted) {
    double raw = Math.max(span, 1e-9) / wanted;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    for (double factor : ROUND) {
      if (factor * power >= raw) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  List<Double> ticks(int wanted) {
    double tick = tick(high - low, wanted);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / tick - 1e-9); i * tick <= high + tick * 1e-9; i++) {
      ticks.add(i * tick);
    }
    return ticks;
  }
}
