package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.series.Place;
import io.fettle.statistics.Clusters;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmCriteria;
import io.fettle.workflows.evaluation.ArmScore;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  /**
   * Where nothing shows that the served model answers better than a linear one.
   *
   * @param over served minus linear
   */
  static Optional<String> ofLinearModel(Comparison over, List<ArmScore> scores) {
    if (over.low() > 0) {
      return Optional.empty();
    }
    String how =
        over.high() < 0
            ? "answers this better than the served model"
            : over.difference() <= 0 ? "answers this as well" : "may answer this as well";
    return Optional.of(
        String.format(
            Locale.ROOT,
            "a linear model on embeddings %s: %.3f against %.3f, served minus linear %+.3f [%+.3f, %+.3f]; it needs no tokens, so look at the items that it gets wrong before this model or a bigger one is worth its price",
            how,
            score(scores, Arm.CLASSICAL),
            score(scores, Arm.SERVED),
            over.difference(),
            over.low(),
            over.high()));
  }

  private static double score(List<ArmScore> scores, Arm arm) {
    return scores.stream()
        .filter(score -> score.arm() == arm && score.part() == Part.TEST)
        .mapToDouble(ArmScore::score)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** What stands apart, and an incumbent that was asked for and is none. */
  static List<String> ofSeries(Optional<Place> series, Criteria criteria, List<Answers> answers) {
    List<String> warnings = new ArrayList<>(series.map(Place::said).orElse(List.of()));
    criteria
        .arms()
        .flatMap(ArmCriteria::incumbent)
        .filter(_ -> answers.stream().noneMatch(each -> each.arm() == Arm.INCUMBENT))
        .ifPresent(
            incumbent ->
                warnings.add(
                    "endpoint %s serves nothing yet, so there is no incumbent to compare with"
                        .formatted(incumbent.name())));
    return warnings;
  }
}
