package io.fettle.activities.steps;

/**
 * A step's result.
 *
 * @param reused true if an earlier step, or another one at the same time, had done the work
 */
public record StepResult<T>(T value, boolean reused) {}
