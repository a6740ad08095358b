package io.fettle.workflows.evaluation;

/**
 * One arm's score with its 95 % interval, as fractions; {@code invalid} counts answers outside the
 * task's form.
 */
public record ArmScore(
    Arm arm, Part part, int shots, double score, double low, double high, int items, int invalid) {}
