package io.fettle.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** What a judge's marks would be if humans had given them, from a sample that both have marked. */
public final class JudgeCorrection {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private JudgeCorrection() {}

  /**
   * How a judge marked what humans had marked.
   *
   * @param good items that humans accept
   * @param goodAccepted of those, the ones that the judge accepts too: the true positives
   * @param bad items that humans reject
   * @param badAccepted of those, the ones that the judge accepts: the false positives
   */
  public record Calibration(int good, int goodAccepted, int bad, int badAccepted) {
    /**
     * Counts of a sample.
     *
     * @throws IllegalArgumentException where an item of either kind is missing, or a part exceeds
     *     its whole
     */
    public Calibration {
      boolean parts = goodAccepted >= 0 && badAccepted >= 0;
      if (good < 1 || bad < 1 || !parts || goodAccepted > good || badAccepted > bad) {
        throw new IllegalArgumentException(
            "the judge accepts %d of %d good and %d of %d bad items; needs at least one good and one bad"
                .formatted(goodAccepted, good, badAccepted, bad));
      }
    }

    /** The share of good items that the judge accepts. */
    public double truePositiveRate() {
      return goodAccepted / (double) good;
    }

    /** The share of bad items that the judge accepts. */
    public double falsePositiveRate() {
      return badAccepted / (double) bad;
    }
  }

  /**
   * The share of good items among those that a judge alone has marked: {@code (accepted - FPR) /
   * (TPR - FPR)}. The interval counts what the sample does not know of the judge's rates.
   *
   * <p>Sources: W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening
   * test", American Journal of Epidemiology 107 (1978); the interval: Z. Lang and J. Reiczigel,
   * "Confidence limits for prevalence of disease adjusted for estimated sensitivity and
   * specificity", Preventive Veterinary Medicine 113 (2014).
   *
   * @param accepted by the judge, of {@code judged}; none of the sample's items
   * @param confidence such as 0.95, two-sided
   * @return within [0, 1]
   * @throws IllegalArgumentException where the judge accepts good items no more often than bad
   *     ones, so that its marks say nothing
   */
  public static Interval roganGladen(
      int accepted, int judged, Calibration sample, double confidence) {
    if (judged < 1 || accepted < 0 || accepted > judged) {
      throw new IllegalArgumentException(
          "%d accepted of %d judged; needs at least one, and no more than were judged"
              .formatted(accepted, judged));
    }
    double told = sample.truePositiveRate() - sample.falsePositiveRate();
    double positives = (sample.goodAccepted() + 1) / (sample.good() + 2.0);
    double negatives = (sample.bad() - sample.badAccepted() + 1) / (sample.bad() + 2.0);
    double tells = positives + negatives - 1;
    if (!(told > 0) || !(tells > 0)) {
      throw new IllegalArgumentException(
          ("the judge accepts %d of %d good and %d of %d bad items; a judge that cannot tell them"
                  + " apart corrects nothing, take another")
              .formatted(sample.goodAccepted(), sample.good(), sample.badAccepted(), sample.bad()));
    }
    double z = NORMAL.inverseSurvivalProbability((1 - confidence) / 2);
    double marks = judged + z * z;
    double share = (accepted + z * z / 2) / marks;
    double good = (share + negatives - 1) / tells;
    double ofPositives = positives * (1 - positives) / (sample.good() + 2);
    double ofNegatives = negatives * (1 - negatives) / (sample.bad() + 2);
    double shift = 2 * z * z * (good * ofPositives - (1 - good) * ofNegatives);
    double variance =
        share * (1 - share) / marks
            + good * good * ofPositives
            + (1 - good) * (1 - good) * ofNegatives;
    double half = z * Math.sqrt(variance) / tells;
    double estimate = (accepted / (double) judged - sample.falsePositiveRate()) / told;
    double clamped = Math.clamp(estimate, 0, 1);
    return new Interval(
        clamped,
        Math.min(clamped, Math.clamp(good + shift - half, 0, 1)),
        Math.max(clamped, Math.clamp(good + shift + half, 0, 1)));
  }

  /**
   * The mean mark that humans would give, from many items that a judge alone has marked and a few
   * that both have: the judge's mean on the many plus the humans' mean excess on the few. Needs no
   * yes or no.
   *
   * <p>Source: A. N. Angelopoulos and others, "Prediction-powered inference", Science 382 (2023),
   * arXiv 2301.09633, the mean.
   *
   * @param judgeAlone the judge's marks of the many
   * @param judge its marks of the few, at the same index as in {@code humans}
   * @param confidence such as 0.95, two-sided
   * @return in the marks' unit, by the normal distribution: for 50 and more of the few
   * @throws IllegalArgumentException where there are fewer than two of either
   */
  public static Interval predictionPowered(
      double[] judgeAlone, double[] judge, double[] humans, double confidence) {
    double[] excess = MeanDifference.differences(humans, judge);
    if (judgeAlone.length < 2 || excess.length < 2) {
      throw new IllegalArgumentException(
          "%d items of the judge alone and %d of both; needs two of each"
              .formatted(judgeAlone.length, excess.length));
    }
    var many = MeanDifference.of(judgeAlone, Clusters.none(judgeAlone.length));
    var few = MeanDifference.of(excess, Clusters.none(excess.length));
    double mean = many.estimate() + few.estimate();
    double half =
        NORMAL.inverseSurvivalProbability((1 - confidence) / 2)
            * Math.hypot(many.error(), few.error());
    return new Interval(mean, mean - half, mean + half);
  }
}
