package io.fettle.workflows.evaluation;

/**
 * What the candidate's answers take, and the most that they may.
 *
 * @param name such as {@code seconds of the slowest answer in 20}, with its unit
 * @param low lower bound, one-sided at the criteria's alpha
 * @param high upper bound, likewise; PASS only where it is no more than {@code most}
 */
public record Limit(
    String name, double value, double low, double high, double most, Verdict verdict) {}
