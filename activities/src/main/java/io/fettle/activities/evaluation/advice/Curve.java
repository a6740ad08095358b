package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.CurvePoint;
import io.fettle.statistics.Interval;
import java.util.List;
import java.util.Optional;

/** What short trainings on parts of the rows say of training on more. */
final class Curve {
  /** Two points of the score: less is not worth a training. */
  private static final double WORTH = 0.02;

  private static final double FLOOR_STEP = 0.002;

  private final List<CurvePoint> points;
  private final Interval gain;

  private Curve(List<CurvePoint> points, Interval gain) {
    this.points = points;
    this.gain = gain;
  }

  static Optional<Curve> of(Facts facts) {
    List<CurvePoint> points = facts.evidence().curve();
    if (points.size() < 2) {
      return Optional.empty();
    }
    Interval gain =
        facts
            .marks()
            .difference(points.getLast().marks(), points.getFirst().marks(), facts.confidence());
    return Optional.of(new Curve(points, gain));
  }

  CurvePoint last() {
    return points.getLast();
  }

  /** More rows are known to help. */
  boolean falling() {
    return gain.low() > 0;
  }

  /** More rows are known not to help by much. */
  boolean flat() {
    return gain.high() < WORTH;
  }

  String said() {
    String between =
        Say.text(
            "from %d to %d rows the score changes by %s points",
            points.getFirst().rows(), last().rows(), PromptRules.points(gain));
    return between + (flat() ? ": flat" : falling() ? ": still rising" : ", which tells nothing");
  }

  /**
   * The error at {@code rows} by {@code err = a n^-b + c}: least squares on logarithms for each
   * floor c below the smallest error, the best of them. Needs three points. Source of the form:
   * Hestness et al., arXiv 1712.00409.
   */
  Optional<Double> error(int rows) {
    if (points.size() < 3 || errors().anyMatch(error -> error <= 0)) {
      return Optional.empty();
    }
    double least = errors().min().orElse(0);
    double best = Double.POSITIVE_INFINITY;
    double found = least;
    for (double floor = 0; floor < least; floor += FLOOR_STEP) {
      Line line = line(floor);
      if (line.squares() < best) {
        best = line.squares();
        found = floor + Math.exp(line.height() + line.slope() * Math.log(rows));
      }
    }
    return Optional.of(found);
  }

  private record Line(double slope, double height, double squares) {}

  /** Squares are of errors, not of their logarithms, so that floors can be compared. */
  private Line line(double floor) {
    double x = points.stream().mapToDouble(Curve::size).average().orElse(0);
    double y = errors().map(error -> Math.log(error - floor)).average().orElse(0);
    double xy = 0;
    double xx = 0;
    for (CurvePoint point : points) {
      double off = size(point) - x;
      xy += off * (Math.log(error(point) - floor) - y);
      xx += off * off;
    }
    double slope = xx == 0 ? 0 : Math.min(0, xy / xx);
    double height = y - slope * x;
    double squares = 0;
    for (CurvePoint point : points) {
      double off = error(point) - floor - Math.exp(height + slope * size(point));
      squares += off * off;
    }
    return new Line(slope, height, squares);
  }

  private java.util.stream.DoubleStream errors() {
    return points.stream().mapToDouble(Curve::error);
  }

  private static double size(CurvePoint point) {
    return Math.log(point.rows());
  }

  private static double error(CurvePoint point) {
    return 1 - point.marks().stream().mapToDouble(mark -> mark).average().orElse(0);
  }
}
