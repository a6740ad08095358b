package io.fettle.activities.evaluation;

import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import java.nio.file.Path;

/**
 * Where evaluation keeps what is not finished.
 *
 * @param cache the host's content-addressed cache
 * @param work staged datasets and half-written answers, on the cache's file system
 */
public record EvaluationOptions(ObjectStore store, StepCache steps, Path cache, Path work) {}
