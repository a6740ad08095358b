package io.fettle.activities.evaluation.scoring;

import java.nio.file.Path;

/**
 * Where scoring works.
 *
 * @param work a folder for what it writes down on its way
 * @param atOnce programs that run at a time; each may use a core
 */
public record ScoringOptions(Path work, int atOnce) {
  /** As many programs at a time as this machine has cores. */
  public static ScoringOptions in(Path work) {
    return new ScoringOptions(work, Runtime.getRuntime().availableProcessors());
  }
}
