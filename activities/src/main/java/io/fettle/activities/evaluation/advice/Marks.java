package io.fettle.activities.evaluation.advice;

import io.fettle.statistics.Interval;
import io.fettle.statistics.Proportions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Intervals of marks on dev. Items of one cluster are no independent evidence: variances are those
 * of cluster sums with the finite-cluster factor (Miller, arXiv 2411.00640, appendix A).
 */
final class Marks {
  private final int items;
  private final List<Integer> clusters;

  Marks(int items, List<Integer> clusters) {
    this.items = items;
    this.clusters = clusters;
  }

  Interval mean(List<Double> marks, double confidence) {
    return mean(marks, IntStream.range(0, items).boxed().toList(), confidence);
  }

  /**
   * The mean over some items by Wilson's interval, with as many trials as the clusters are worth
   * independent items (Kish's design effect); marks between 0 and 1 vary less than it allows for.
   */
  Interval mean(List<Double> marks, List<Integer> of, double confidence) {
    int n = of.size();
    if (n == 0) {
      return new Interval(0.5, 0, 1);
    }
    double mean = of.stream().mapToDouble(marks::get).sum() / n;
    double squares = 0;
    Map<Integer, Double> sums = new TreeMap<>();
    for (int item : of) {
      double off = marks.get(item) - mean;
      squares += off * off;
      sums.merge(cluster(item), off, Double::sum);
    }
    return Proportions.wilsonOfShare(mean, n / effect(n, squares, sums), confidence);
  }

  private static double effect(int n, double squares, Map<Integer, Double> sums) {
    int groups = sums.size();
    if (groups < 2 || squares == 0) {
      return n / (double) groups;
    }
    double clustered = groups / (groups - 1.0) * squares(sums) / ((double) n * n);
    return Math.max(1, clustered / (squares / (n * (n - 1.0))));
  }

  private static double squares(Map<Integer, Double> sums) {
    return sums.values().stream().mapToDouble(sum -> sum * sum).sum();
  }

  /**
   * The mean of {@code ours - theirs} over the same items: Student's t with one item won and one
   * lost added, so that marks without a single difference do not look like certainty. Source: D. G.
   * Bonett and R. M. Price, J. Educ. Behav. Stat. 37 (2012), for paired proportions.
   */
  Interval difference(List<Double> ours, List<Double> theirs, double confidence) {
    int n = items + 2;
    double sum = 0;
    for (int i = 0; i < items; i++) {
      sum += ours.get(i) - theirs.get(i);
    }
    double mean = sum / n;
    Map<Integer, Double> sums = new TreeMap<>();
    for (int i = 0; i < items; i++) {
      sums.merge(cluster(i), ours.get(i) - theirs.get(i) - mean, Double::sum);
    }
    int groups = sums.size() + 2;
    double squares = squares(sums) + (1 - mean) * (1 - mean) + (1 + mean) * (1 + mean);
    double error = Math.sqrt(groups / (groups - 1.0) * squares) / n;
    double t = TDistribution.of(groups - 1).inverseSurvivalProbability((1 - confidence) / 2);
    return new Interval(items == 0 ? 0 : sum / items, mean - t * error, mean + t * error);
  }

  /** Independent items that dev is worth where nothing is known of its marks. */
  int independent() {
    return clusters.isEmpty() ? items : (int) clusters.stream().distinct().count();
  }

  private int cluster(int item) {
    return clusters.isEmpty() ? item : clusters.get(item);
  }

  /** Two-sided. */
  static double z(double confidence) {
    return NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
  }
}
