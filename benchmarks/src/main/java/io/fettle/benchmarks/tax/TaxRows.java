package io.fettle.benchmarks.tax;

import io.fettle.benchmarks.Row;
import io.fettle.statistics.Interval;
import io.fettle.statistics.Paired;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the pairs say. */
final class TaxRows {
  static final String RATIO = "tokens_per_second_ratio_low";
  static final String UNEQUAL = "tax_losses_unequal";
  private static final double LEAST = 0.98;
  private static final double CONFIDENCE = 0.95;
  private static final double WIDEST = 0.02;

  private TaxRows() {}

  /** Fettle's tokens a second over the plain script's, the interval's lower end. */
  static Row ratio(List<Pair> pairs, Depth depth) {
    var unfit = unfit(pairs, depth);
    if (unfit.isPresent()) {
      return Row.skipped(RATIO, unfit.get());
    }
    var plain = each(pairs, Pair::plainTokensPerSecond);
    var found = Paired.ratio(each(pairs, Pair::fettleTokensPerSecond), plain, CONFIDENCE);
    var row =
        Row.measured(RATIO, found.low(), "", pairs.size())
            .atLeast(LEAST)
            .beside(median(plain), new Row.Interval(found.low(), found.high()));
    var note = note(pairs, found, depth);
    return found.high() - found.low() > WIDEST
        ? row.tooNoisy().note("machine too noisy, the interval is wider than 2 %; " + note)
        : row.note(note);
  }

  private static Optional<String> unfit(List<Pair> pairs, Depth depth) {
    for (var pair : pairs) {
      if (!pair.savedAlike()) {
        return Optional.of(
            "Fettle saved after the steps %s, the script after %s"
                .formatted(pair.fettle().saves(), pair.plain().saves()));
      }
      if (pair.shorterSeconds() < depth.arm().toSeconds() || pair.published() < depth.saves()) {
        return Optional.of(
            "an arm took %.0f s and published %d checkpoints; needs %d s and %d"
                .formatted(
                    pair.shorterSeconds(),
                    pair.published(),
                    depth.arm().toSeconds(),
                    depth.saves()));
      }
    }
    return Optional.empty();
  }

  private static String note(List<Pair> pairs, Interval found, Depth depth) {
    var what =
        "ratio %.4f of SmolLM2-135M, %d steps of %.0f s and more an arm, %d checkpoints published; control: the script's tokens a second"
            .formatted(
                found.estimate(),
                pairs.getFirst().fettle().steps().size(),
                Arrays.stream(each(pairs, Pair::shorterSeconds)).min().orElseThrow(),
                pairs.stream().mapToInt(Pair::published).min().orElseThrow());
    return depth.equals(Depth.PUBLISHED) ? what : what + "; fewer and shorter pairs than --full";
  }

  /** Steps with another loss than the script's, over all pairs. */
  static Row unequal(List<Pair> pairs, Arm shuffled) {
    int steps = pairs.getFirst().fettle().steps().size();
    return Row.measured(
            UNEQUAL,
            pairs.stream().mapToInt(pair -> pair.fettle().unequal(pair.plain())).sum(),
            "",
            pairs.size())
        .atMost(0)
        .control(pairs.getLast().fettle().unequal(shuffled))
        .note(
            "%d steps an arm, compared bit for bit; control: the script with the rows shuffled"
                .formatted(steps));
  }

  private static double[] each(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    return pairs.stream().mapToDouble(value).toArray();
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
