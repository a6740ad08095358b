package io.fettle.statistics;

/** What a margin test says. */
public enum Outcome {
  /** The difference is shown to exceed the margin. */
  PASS,
  /** The difference is shown to fall short of the margin. */
  FAIL,
  /** Neither is shown. */
  INCONCLUSIVE
}
