package io.fettle.benchmarks.tax;

/**
 * The same training twice.
 *
 * @param published how many of Fettle's checkpoints came into its store
 */
record Pair(Arm fettle, Arm plain, int published) {
  /** Both arms train the same tokens; Fettle's trainer counts them. */
  double fettleTokensPerSecond() {
    return fettle.tokens() / fettle.seconds();
  }

  double plainTokensPerSecond() {
    return fettle.tokens() / plain.seconds();
  }

  double shorterSeconds() {
    return Math.min(fettle.seconds(), plain.seconds());
  }

  boolean savedAlike() {
    return fettle.saves().equals(plain.saves());
  }
}
