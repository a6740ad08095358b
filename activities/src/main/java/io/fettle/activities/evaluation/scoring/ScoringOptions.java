package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.judging.JudgingOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where scoring works.
 *
 * @param work a folder for what it writes down on its way
 * @param atOnce programs that run at a time; each may use a core
 * @param judging how judges are asked; empty where none is
 */
public record ScoringOptions(Path work, int atOnce, Optional<JudgingOptions> judging) {
  /** As many programs at a time as this machine has cores, and no judge. */
  public static ScoringOptions in(Path work) {
    return new ScoringOptions(work, Runtime.getRuntime().availableProcessors(), Optional.empty());
  }

  /** The same with judges. */
  public static ScoringOptions in(Path work, JudgingOptions judging) {
    return new ScoringOptions(work, in(work).atOnce(), Optional.of(judging));
  }

  /** How judges are asked. */
  JudgingOptions judges() {
    return judging.orElseThrow(
        () ->
            new IllegalArgumentException("the criteria need a judge, and none can be asked here"));
  }
}
