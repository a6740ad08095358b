package io.fettle.data.swap;

/**
 * How many prompts and how many answers had each feature: a naive Bayes model of roles, of which
 * parts can be taken out again.
 */
final class RoleCounts {
  private static final double SMOOTHING = 0.5;

  /** Of length ratios, on either side of 0. */
  private static final int WIDEST = 40;

  private static final float[] LOGS = new float[1 << 12];

  static {
    for (int i = 0; i < LOGS.length; i++) {
      LOGS[i] = (float) Math.log(i + SMOOTHING);
    }
  }

  private final int[] prompts = new int[RoleFeatures.COUNT];
  private final int[] answers = new int[RoleFeatures.COUNT];
  private final int[] ratios = new int[2 * WIDEST + 1];
  private int rows;

  void add(Pair pair) {
    for (int feature : pair.prompt()) {
      prompts[feature]++;
    }
    for (int feature : pair.answer()) {
      answers[feature]++;
    }
    ratios[slot(pair.ratio())]++;
    rows++;
  }

  int rows() {
    return rows;
  }

  private static int slot(int ratio) {
    return WIDEST + Math.clamp(ratio, -WIDEST, WIDEST);
  }

  private static float log(int count) {
    return count < LOGS.length ? LOGS[count] : (float) Math.log(count + SMOOTHING);
  }

  /** What these rows teach without some of them. */
  Model without(RoleCounts some) {
    var features = new float[RoleFeatures.COUNT];
    for (int i = 0; i < features.length; i++) {
      features[i] = log(prompts[i] - some.prompts[i]) - log(answers[i] - some.answers[i]);
    }
    var lengths = new float[ratios.length];
    for (int i = 0; i < lengths.length; i++) {
      int turned = lengths.length - 1 - i;
      lengths[i] = log(ratios[i] - some.ratios[i]) - log(ratios[turned] - some.ratios[turned]);
    }
    return new Model(features, lengths);
  }

  /** Log odds of each feature. */
  static final class Model {
    private final float[] features;
    private final float[] lengths;

    private Model(float[] features, float[] lengths) {
      this.features = features;
      this.lengths = lengths;
    }

    /**
     * How much more likely the pair is as it stands than the other way round: a natural logarithm,
     * in which every feature counts as if independent. Of the pair turned, the same below 0.
     */
    double forwards(Pair pair) {
      double forwards = lengths[slot(pair.ratio())];
      for (int feature : pair.prompt()) {
        forwards += features[feature];
      }
      for (int feature : pair.answer()) {
        forwards -= features[feature];
      }
      return forwards;
    }
  }
}
