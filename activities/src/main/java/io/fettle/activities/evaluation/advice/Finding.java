package io.fettle.activities.evaluation.advice;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.statistics.Interval;
import io.fettle.workflows.evaluation.Advice;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The advice with what it rests on.
 *
 * @param why the numbers that decided, in one or two sentences
 * @param next the cheapest experiment that could change or confirm the advice
 * @param anatomy which probe first fixes how many of the failures; empty: no probes, or no failures
 * @param detectable the smallest true difference that dev shows in four of five trials
 * @param breakEven requests after which tuning is paid; infinite: never; empty: a price is missing
 * @param remarks the rest of the evidence, a sentence each
 * @param suspects ids of rows whose labels look wrong, most suspect first
 * @param curve what training on parts of the rows says of more rows; empty: not tried
 */
public record Finding(
    Advice advice,
    String why,
    String next,
    List<Share> anatomy,
    double detectable,
    OptionalDouble breakEven,
    List<String> remarks,
    List<String> suspects,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<LearningCurve> curve) {
  public Finding {
    anatomy = List.copyOf(anatomy);
    remarks = List.copyOf(remarks);
    suspects = List.copyOf(suspects);
  }

  /** What a failure is for want of: the cheapest thing that mends it. */
  public enum Cause {
    FORMAT,
    INSTRUCTION,
    KNOWLEDGE,
    CAPABILITY,
    /** Nothing that was tried mends it: style, policy, conventions of the labels. */
    REMAINING
  }

  /** Failures of one cause, as a share of all, with its interval. */
  public record Share(Cause cause, int items, double share, double low, double high) {}

  /** Whether more rows would help, as far as dev can tell. */
  public enum MoreRows {
    HELP,
    DO_NOT_HELP,
    UNCLEAR
  }

  /**
   * Mean marks by the number of rows.
   *
   * @param points fewest rows first
   * @param rowsAhead the number that {@code ahead} is about
   * @param ahead what so many rows gain over the last point's, by the law that the points follow
   */
  public record LearningCurve(
      List<Point> points, int rowsAhead, Interval ahead, MoreRows moreRows, String said) {
    public LearningCurve {
      points = List.copyOf(points);
    }
  }

  /** The mean mark after training on so many rows, with its interval. */
  public record Point(int rows, double score, double low, double high) {}
}
