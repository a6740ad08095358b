package io.fettle.workflows.evaluation;

import java.util.Objects;

/**
 * A paired difference, candidate minus other, as a fraction.
 *
 * @param name such as {@code served - few_shot}
 * @param low lower bound, one-sided at the criteria's alpha
 * @param high upper bound, likewise
 * @param bound what the low end must exceed
 * @param verdict of this condition
 * @param method by which test, in a few words; empty in results of older releases
 * @param items that both answered
 * @param clusters that these fall into: as many as items where each is for itself
 * @param needed so many clusters would decide it in four gates of five, if difference and variance
 *     are as seen; {@link #UNKNOWN} where none would
 */
public record Comparison(
    String name,
    double difference,
    double low,
    double high,
    double bound,
    Verdict verdict,
    String method,
    int items,
    int clusters,
    long needed) {
  public static final long UNKNOWN = 0;

  public Comparison {
    method = Objects.requireNonNullElse(method, "");
  }
}
