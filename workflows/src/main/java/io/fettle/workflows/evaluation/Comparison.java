package io.fettle.workflows.evaluation;

/**
 * A paired difference, candidate minus other, as a fraction.
 *
 * @param name such as {@code served - few_shot}
 * @param low lower end of its interval
 * @param high upper end of its interval
 * @param bound what the low end must reach
 * @param verdict of this condition
 */
public record Comparison(
    String name, double difference, double low, double high, double bound, Verdict verdict) {}
