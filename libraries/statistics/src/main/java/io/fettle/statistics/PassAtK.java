package io.fettle.statistics;

/** How likely one of k samples passes. */
public final class PassAtK {
  private PassAtK() {}

  /**
   * The unbiased estimate of the chance that at least one of k samples passes: 1 - C(n - c, k) /
   * C(n, k), as a product, which does not overflow.
   *
   * <p>Source: M. Chen et al., "Evaluating large language models trained on code" (2021), section
   * 2.1.
   *
   * @param samples n, drawn
   * @param passed c of them
   * @param k at most n
   */
  public static double estimate(int samples, int passed, int k) {
    if (k < 1 || k > samples || passed < 0 || passed > samples) {
      throw new IllegalArgumentException(
          "k %d of %d samples, %d of which passed; needs 1 <= k <= samples and no more passed than drawn"
              .formatted(k, samples, passed));
    }
    if (samples - passed < k) {
      return 1;
    }
    double none = 1;
    for (int i = samples - passed + 1; i <= samples; i++) {
      none *= 1 - k / (double) i;
    }
    return 1 - none;
  }
}
