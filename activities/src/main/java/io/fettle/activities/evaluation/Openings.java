package io.fettle.activities.evaluation;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How often a test set has been opened: the more candidates it has seen, the less it proves. */
final class Openings {
  private final ObjectStore store;
  private final String prefix;

  /**
   * Of one test set.
   *
   * @param test hash of its rows, so that other rows to train on change nothing
   */
  Openings(ObjectStore store, String test) {
    this.store = store;
    this.prefix = "datasets/openings/" + test + "/";
  }

  /** Each candidate opens it once, however often its run is repeated. This one included. */
  int counted(JudgeJob job) throws IOException {
    String candidate =
        job.answers().stream()
            .filter(answers -> answers.arm() == Arm.SERVED && answers.part() == Part.TEST)
            .findFirst()
            .map(answers -> answers.file().sha256())
            .orElse(job.execution());
    boolean _ =
        store.putIfAbsent(prefix + candidate + ".json", job.run().getBytes(StandardCharsets.UTF_8));
    return store.list(prefix).size();
  }
}
