package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.statistics.Clusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a reader should know before believing a verdict. */
final class Warnings {
  private static final int FREE_OPENINGS = 1;

  private Warnings() {}

  static List<String> of(int openings, Clusters clusters, List<ScoredArm> arms) {
    List<String> warnings = new ArrayList<>();
    if (openings > FREE_OPENINGS) {
      warnings.add(
          "this test set has now judged %d candidates; each look makes a PASS by chance likelier, so take fresh test rows before it decides much more"
              .formatted(openings));
    }
    if (!clusters.areItems()) {
      warnings.add(
          "some test items hang together: the %d count as %d clusters"
              .formatted(clusters.items(), clusters.count()));
    }
    for (ScoredArm arm : arms) {
      if (arm.scored().items() > 0 && arm.scored().invalid() == arm.scored().items()) {
        warnings.add(
            "no answer of %s has the task's form: look at its prompt before reading its score"
                .formatted(arm.answers().arm().name().toLowerCase(Locale.ROOT).replace('_', '-')));
      }
    }
    return warnings;
  }
}
