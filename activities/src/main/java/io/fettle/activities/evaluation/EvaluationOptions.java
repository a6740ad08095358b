package io.fettle.activities.evaluation;

import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import java.nio.file.Path;

/**
 * Where evaluation keeps what is not finished.
 *
 * @param work half-written answers, which a repeat goes on with
 */
public record EvaluationOptions(ObjectStore store, StepCache steps, Path work) {}
