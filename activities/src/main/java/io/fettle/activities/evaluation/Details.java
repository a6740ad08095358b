package io.fettle.activities.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.advice.Finding;
import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.evaluation.scoring.ScoringOptions;
import io.fettle.activities.evaluation.series.Place;
import io.fettle.activities.store.ObjectStore;
import io.fettle.statistics.Interval;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmScore;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Limit;
import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The details document: what a report page shows item by item. */
record Details(
    String criteriaSha256, Criteria criteria, List<ScoredArm> arms, ScoringOptions scoring) {

  private record Document(
      String criteriaSha256,
      Criteria criteria,
      List<ArmScore> scores,
      List<Comparison> comparisons,
      List<Limit> limits,
      Verdict verdict,
      List<String> warnings,
      List<ArmExtras> extras,
      List<ArmPairs> pairs,
      List<ItemLine> items,
      List<Answers> answers,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> scoredBy,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Finding> finding,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Place> series) {}

  /** What came of the arms. */
  record Decided(
      List<ArmScore> scores,
      List<Comparison> comparisons,
      List<Limit> limits,
      Verdict verdict,
      List<ArmPairs> pairs,
      List<String> warnings,
      Optional<Finding> finding,
      Optional<Place> series) {
    /** Before there is a candidate. */
    static Decided onDev(
        List<ArmScore> scores, List<String> warnings, Finding finding, Optional<Place> series) {
      return new Decided(
          scores,
          List.of(),
          List.of(),
          Verdict.INCONCLUSIVE,
          List.of(),
          warnings,
          Optional.of(finding),
          series);
    }
  }

  /** The candidate beside another arm, as a judge prefers it; {@code preference} in 95 %. */
  record ArmPairs(
      Arm arm,
      int shots,
      Interval preference,
      int asked,
      double consistency,
      double firstSlot,
      double longer,
      String variant,
      List<Scorers.PairRuling> rulings) {}

  /** What else was measured of an arm. */
  record ArmExtras(Arm arm, int shots, String variant, Map<String, Double> values) {}

  record ItemLine(String id, String reference, List<ItemAnswer> answers) {}

  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record ItemAnswer(
      Arm arm,
      int shots,
      String answer,
      boolean right,
      double mark,
      boolean valid,
      Optional<String> note,
      String variant,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Marks.Ruling> rulings) {}

  Reference put(ObjectStore store, Decided decided) throws IOException, InterruptedException {
    List<ItemLine> items = new ArrayList<>();
    for (int i = 0; i < (arms.isEmpty() ? 0 : arms.getFirst().lines().size()); i++) {
      items.add(item(i));
    }
    List<ArmExtras> extras =
        arms.stream()
            .map(
                arm ->
                    new ArmExtras(
                        arm.answers().arm(),
                        arm.answers().shots(),
                        arm.answers().variant(),
                        arm.scored().extras()))
            .toList();
    Document details =
        new Document(
            criteriaSha256,
            criteria,
            decided.scores(),
            decided.comparisons(),
            decided.limits(),
            decided.verdict(),
            decided.warnings(),
            extras,
            decided.pairs(),
            items,
            arms.stream().map(ScoredArm::answers).toList(),
            Scorers.ranBy(criteria, scoring),
            decided.finding(),
            decided.series());
    return store.putBlob(Wire.mapper().writeValueAsBytes(details));
  }

  private ItemLine item(int i) {
    List<ItemAnswer> given = new ArrayList<>();
    for (ScoredArm arm : arms) {
      if (i < arm.lines().size()) {
        given.add(
            new ItemAnswer(
                arm.answers().arm(),
                arm.answers().shots(),
                arm.lines().get(i).answer(),
                arm.scored().right(i),
                arm.scored().mark(i),
                arm.scored().valid(i),
                arm.scored().note(i),
                arm.answers().variant(),
                arm.scored().rulings(i)));
      }
    }
    AnswerLine line = arms.getFirst().lines().get(i);
    return new ItemLine(line.id(), line.reference(), given);
  }
}
