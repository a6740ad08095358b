package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.CurvePoint;
import io.fettle.activities.evaluation.advice.Finding.LearningCurve;
import io.fettle.activities.evaluation.advice.Finding.MoreRows;
import io.fettle.activities.evaluation.advice.Finding.Point;
import io.fettle.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What short trainings on parts of the rows say of training on more. */
final class Curve {
  /** Two points of the score: less is not worth a training. */
  private static final double WORTH = 0.02;

  private static final double FLOOR_STEP = 0.002;
  private static final double LEAST_STEP = 1.3;
  private static final int DOUBLE = 2;
  private static final int STEPS = 100;

  private final List<CurvePoint> points;
  private final Marks marks;
  private final double confidence;
  private final int allRows;
  private final Interval gain;

  private Curve(List<CurvePoint> points, Facts facts) {
    this.points = points;
    this.marks = facts.marks();
    this.confidence = facts.confidence();
    this.allRows = facts.evidence().readiness().trainRows();
    this.gain = gain(points.getFirst(), points.getLast());
  }

  static Optional<Curve> of(Facts facts) {
    List<CurvePoint> points = apart(facts.evidence().curve());
    return points.size() < 2 ? Optional.empty() : Optional.of(new Curve(points, facts));
  }

  /** Parts that are nearly as large as one before tell noise, which the law would carry far. */
  private static List<CurvePoint> apart(List<CurvePoint> all) {
    List<CurvePoint> points = new ArrayList<>();
    for (CurvePoint point : all) {
      if (points.isEmpty() || point.rows() >= LEAST_STEP * points.getLast().rows()) {
        points.add(point);
      }
    }
    return points;
  }

  private Interval gain(CurvePoint from, CurvePoint to) {
    return marks.difference(to.marks(), from.marks(), confidence);
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

  LearningCurve told() {
    Interval ahead = ahead();
    MoreRows moreRows =
        ahead.high() < WORTH
            ? MoreRows.DO_NOT_HELP
            : ahead.low() > 0 ? MoreRows.HELP : MoreRows.UNCLEAR;
    return new LearningCurve(
        points.stream().map(this::told).toList(),
        rowsAhead(),
        ahead,
        moreRows,
        Say.text(
            "%s would gain %s points over %d, if errors go on falling as they did: %s",
            rowsAhead() == allRows
                ? Say.text("all %d rows", allRows)
                : Say.text("twice the rows, %d,", rowsAhead()),
            PromptRules.points(ahead),
            last().rows(),
            words(moreRows)));
  }

  private static String words(MoreRows moreRows) {
    return switch (moreRows) {
      case HELP -> "more rows help";
      case DO_NOT_HELP -> "more rows do not help";
      case UNCLEAR -> "dev cannot tell whether more rows help";
    };
  }

  private Point told(CurvePoint point) {
    Interval mean = marks.mean(point.marks(), confidence);
    return new Point(point.rows(), mean.estimate(), mean.low(), mean.high());
  }

  /** All rows, where short trainings alone are known; else twice as many as there are. */
  int rowsAhead() {
    return last().rows() < allRows ? allRows : DOUBLE * last().rows();
  }

  /**
   * What {@link #rowsAhead} gain over the last point by {@code err = a n^-b} through the last two:
   * with a floor it would be less. The interval is that of the gain between the two, carried
   * through the law.
   */
  private Interval ahead() {
    CurvePoint before = points.get(points.size() - 2);
    double reach =
        Math.log((double) rowsAhead() / last().rows())
            / Math.log((double) last().rows() / before.rows());
    double error = error(before);
    Interval known = gain(before, last());
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= STEPS; i++) { // the law's gain has its most inside the interval
      double gained = known.low() + (known.high() - known.low()) * i / STEPS;
      double ahead = ahead(error, gained, reach);
      low = Math.min(low, ahead);
      high = Math.max(high, ahead);
    }
    return new Interval(ahead(error, known.estimate(), reach), low, high);
  }

  private static double ahead(double error, double gained, double reach) {
    double left = Math.max(0, error - gained);
    return error <= 0 ? 0 : left * (1 - Math.pow(left / error, reach));
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
