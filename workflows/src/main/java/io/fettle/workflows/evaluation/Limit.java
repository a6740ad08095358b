package io.fettle.workflows.evaluation;

/**
 * What the candidate's answers take, and the most that they may.
 *
 * @param name such as {@code seconds of the slowest answer in 20}, with its unit
 * @param low lower bound, one-sided at the criteria's alpha
 * @param high upper bound, likewise; PASS only where it is no more than {@code most}
 * @param items answers that were measured; 0 in results of older releases
 * @param needed so many answers would decide it in four gates of five, if they are as those seen;
 *     as many as there are where it is decided; {@link Comparison#UNKNOWN} where no number would
 */
public record Limit(
    String name,
    double value,
    double low,
    double high,
    double most,
    Verdict verdict,
    int items,
    long needed) {}
