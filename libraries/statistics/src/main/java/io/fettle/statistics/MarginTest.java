package io.fettle.statistics;

import java.util.OptionalLong;
import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;

/**
 * Whether a candidate's mark exceeds another arm's by more than a margin, on the same items. The
 * margin is positive for superiority and negative for non-inferiority: minus the allowed loss.
 *
 * <p>A gate of several conditions asks each at the same one-sided {@code alpha} and passes if all
 * do: a wrong pass then needs one condition's false pass, so nothing is corrected (intersection-
 * union; R. L. Berger, "Multiparameter hypothesis testing and acceptance sampling", Technometrics
 * 24, 1982).
 *
 * @param margin in the marks' unit, above -1 and below 1 for proportions
 * @param alpha the most false passes, one-sided, such as 0.025
 */
public record MarginTest(double margin, double alpha) {
  /** From fewer clusters nothing is decided: their variance is hardly known. */
  public static final int LEAST_CLUSTERS = 10;

  /**
   * A test of the given margin.
   *
   * @throws IllegalArgumentException where {@code alpha} is none, or the margin no number
   */
  public MarginTest {
    if (!(alpha > 0 && alpha < 0.5) || !Double.isFinite(margin)) {
      throw new IllegalArgumentException(
          "margin %s at alpha %s; needs a number, and an alpha above 0 and below 0.5"
              .formatted(margin, alpha));
    }
  }

  /**
   * Of yes-or-no marks, by score: {@link PairedProportions#above} where items are for themselves,
   * else with the variance of clusters. Where no item differs, as many clusters count as items.
   *
   * @param first 1 where right and 0 where wrong, one an item, at the same index as in the other
   * @throws IllegalArgumentException where a mark is neither 0 nor 1, or the lengths differ
   */
  public MarginDecision binary(double[] first, double[] second, Clusters clusters) {
    double[] differences = MeanDifference.differences(first, second);
    requireBinary(first);
    requireBinary(second);
    int[] plus = new int[clusters.count()];
    int[] minus = new int[clusters.count()];
    count(differences, clusters, plus, minus);
    return binary(clusters, plus, minus);
  }

  private MarginDecision binary(Clusters clusters, int[] plus, int[] minus) {
    int wins = Counts.sum(plus);
    int losses = Counts.sum(minus);
    boolean asItems = clusters.areItems() || wins + losses == 0;
    double seen = (wins - losses) / (double) clusters.items();
    if (asItems) {
      int units = clusters.count();
      Interval bounds =
          bounds(
              seen,
              d -> PairedProportions.above(wins, losses, units, d, alpha),
              d -> PairedProportions.above(losses, wins, units, d, alpha));
      return decision("paired score", bounds, clusters, Need.ofScore(wins, losses, units, 1, this));
    }
    if (clusters.count() < 2) {
      return decision(
          "paired score and t of clusters", unknown(seen, 1), clusters, OptionalLong.empty());
    }
    var above = new ClusteredScore(clusters.sizes(), plus, minus, alpha);
    var below = new ClusteredScore(clusters.sizes(), minus, plus, alpha);
    double effective = clusters.count() / (double) clusters.items();
    return decision(
        "paired score and t of clusters",
        bounds(seen, above::above, below::above),
        clusters,
        Need.ofScore(wins, losses, clusters.items(), above.effect() * effective, this));
  }

  /** Whether {@link #binary} would say PASS of such counts in each cluster. */
  static boolean passes(int[] sizes, int[] plus, int[] minus, double margin, double alpha) {
    int items = Counts.sum(sizes);
    int wins = Counts.sum(plus);
    int losses = Counts.sum(minus);
    if (sizes.length == items || wins + losses == 0) {
      boolean enough = sizes.length == items || sizes.length >= LEAST_CLUSTERS;
      return enough && PairedProportions.above(wins, losses, sizes.length, margin, alpha);
    }
    return sizes.length >= LEAST_CLUSTERS
        && new ClusteredScore(sizes, plus, minus, alpha).above(margin);
  }

  /**
   * Of marks that are numbers, by Student's t on their differences; its degrees of freedom are
   * fewer than the clusters in which the arms differ at all. Where all differences are equal, or
   * all but one are none, what an unseen item may yet do is bounded as if the marks were yes or no,
   * on the marks' own range.
   *
   * @param first marks, one an item, at the same index as in {@code second}
   * @throws IllegalArgumentException where a mark is no number, or the lengths differ
   */
  public MarginDecision mean(double[] first, double[] second, Clusters clusters) {
    double[] differences = MeanDifference.differences(first, second);
    String method = clusters.areItems() ? "paired t" : "paired t of clusters";
    if (clusters.count() < 2) {
      double only = DoubleStream.of(differences).average().orElseThrow();
      return decision(method, unknown(only, range(first, second)), clusters, OptionalLong.empty());
    }
    MeanDifference mean = MeanDifference.of(differences, clusters);
    int differing = Counts.clusters(clusters, item -> differences[item] != 0);
    if (mean.error() == 0 || differing < 2) {
      double range = range(first, second);
      int units = clusters.count();
      return decision(
          method,
          Unseen.bounds(mean.estimate(), range, differing, units, alpha),
          clusters,
          Need.ofUnseen(mean.estimate(), range, differing, units, this));
    }
    Interval bounds = mean.interval(1 - 2 * alpha, differing - 1);
    return decision(method, bounds, clusters, Need.ofMean(mean, differing, clusters.count(), this));
  }

  /**
   * Of a statistic that is no mean, by resampled clusters and by leaving each out; both have to
   * show it. The resamples' tails are narrowed and Student's quantile is taken for as many degrees
   * of freedom as there are clusters in which the arms differ, less 1.
   *
   * <p>Sources: T. Hesterberg, "What teachers should know about the bootstrap", The American
   * Statistician 69 (2015), the expanded percentile interval; B. Efron and C. Stein, "The jackknife
   * estimate of variance", Annals of Statistics 9 (1981).
   *
   * @param contrast of statistics from 0 to 1
   * @param resamples at least 1,000
   * @param seed same seed, same decision
   * @throws IllegalArgumentException where no resamples are asked for
   */
  public MarginDecision resampled(Contrast contrast, Clusters clusters, int resamples, long seed) {
    var resampled = new ResampledBounds(contrast, clusters, resamples, seed);
    MarginDecision decision =
        decision(
            clusters.areItems() ? "paired bootstrap" : "paired bootstrap of clusters",
            resampled.bounds(alpha),
            clusters,
            resampled.needed(this));
    return new MarginDecision(
        decision.method(),
        decision.difference(),
        margin,
        alpha,
        decision.outcome(),
        decision.items(),
        decision.clusters(),
        decision.needed(),
        OptionalLong.of(seed));
  }

  /** Ends that agree with the tests at the margin. */
  private Interval bounds(double seen, DoublePredicate above, DoublePredicate below) {
    return new Interval(seen, low(seen, margin, above), -low(-seen, -margin, below));
  }

  private static double low(double seen, double at, DoublePredicate above) {
    return at > -1 && seen > at && above.test(at)
        ? Inversion.low(at, seen, above)
        : Inversion.low(-1, Math.min(seen, Math.max(-1, at)), above);
  }

  private MarginDecision decision(
      String method, Interval bounds, Clusters clusters, OptionalLong needed) {
    boolean few = !clusters.areItems() && clusters.count() < LEAST_CLUSTERS;
    Outcome outcome =
        few
            ? Outcome.INCONCLUSIVE
            : bounds.low() > margin
                ? Outcome.PASS
                : bounds.high() < margin ? Outcome.FAIL : Outcome.INCONCLUSIVE;
    OptionalLong enough = needed;
    if (few && needed.isPresent()) {
      enough = OptionalLong.of(Math.max(LEAST_CLUSTERS, needed.getAsLong()));
    } else if (outcome != Outcome.INCONCLUSIVE) {
      enough = OptionalLong.of(Math.min(clusters.count(), needed.orElse(clusters.count())));
    } else if (needed.isPresent()) { // an approximation, which knows better than to say fewer
      enough = OptionalLong.of(Math.max(clusters.count() + 1L, needed.getAsLong()));
    }
    return new MarginDecision(
        few ? "fewer than %d clusters".formatted(LEAST_CLUSTERS) : method,
        bounds,
        margin,
        alpha,
        outcome,
        clusters.items(),
        clusters.count(),
        enough,
        OptionalLong.empty());
  }

  private static Interval unknown(double seen, double range) {
    return new Interval(seen, -range, range);
  }

  private static double range(double[] first, double[] second) {
    var all = DoubleStream.concat(DoubleStream.of(first), DoubleStream.of(second));
    var seen = all.summaryStatistics();
    return Math.max(1, seen.getMax() - seen.getMin());
  }

  private static void count(double[] differences, Clusters clusters, int[] plus, int[] minus) {
    if (differences.length != clusters.items()) {
      throw new IllegalArgumentException(
          "%d marks for %d items; needs one an item"
              .formatted(differences.length, clusters.items()));
    }
    for (int item = 0; item < differences.length; item++) {
      if (differences[item] > 0) {
        plus[clusters.of(item)]++;
      } else if (differences[item] < 0) {
        minus[clusters.of(item)]++;
      }
    }
  }

  private static void requireBinary(double[] marks) {
    for (double mark : marks) {
      if (mark != 0 && mark != 1) {
        throw new IllegalArgumentException(
            "a mark is %s; yes-or-no marks are 0 or 1, others have a mean".formatted(mark));
      }
    }
  }
}
