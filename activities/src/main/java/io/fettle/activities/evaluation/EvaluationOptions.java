package io.fettle.activities.evaluation;

import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where evaluation keeps what is not finished.
 *
 * @param work half-written answers, which a repeat goes on with, and indexes
 * @param secrets the value of a name; empty where this host has none
 */
public record EvaluationOptions(
    ObjectStore store, StepCache steps, Path work, Function<String, Optional<String>> secrets) {
  /** Where no other server is asked. */
  public EvaluationOptions(ObjectStore store, StepCache steps, Path work) {
    this(store, steps, work, _ -> Optional.empty());
  }
}
