package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.workflows.evaluation.Scoring;

/** What scorers that run programs share. */
final class Programs {
  private Programs() {}

  static Sandbox.Limits limits(Scoring.Limits frozen) {
    return new Sandbox.Limits(
        frozen.time(),
        frozen.memoryMib(),
        frozen.processes(),
        frozen.fileMib(),
        frozen.outputKib());
  }
}
