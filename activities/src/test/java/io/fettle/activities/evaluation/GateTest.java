package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.wire.Reference;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
  private final Criteria criteria = ScorerTest.criteria("exact_match", List.of());
  private final Gate gate = new Gate(criteria);

  @Test
  void a_candidate_far_above_the_prompted_arms_and_level_with_its_parent_passes() {
    List<Comparison> comparisons =
        gate.compare(
            List.of(
                arm(Arm.ZERO_SHOT, 0),
                arm(Arm.FEW_SHOT, 25),
                arm(Arm.TUNED, 135),
                arm(Arm.SERVED, 135)));

    assertThat(comparisons)
        .extracting(Comparison::name)
        .containsExactly("served - zero_shot", "served - few_shot", "served - tuned");
    assertThat(Gate.verdict(comparisons)).isEqualTo(Verdict.PASS);
  }

  @Test
  void a_candidate_worse_than_few_shot_fails_and_says_by_how_much() {
    List<Comparison> comparisons =
        gate.compare(List.of(arm(Arm.FEW_SHOT, 90), arm(Arm.SERVED, 60)));

    assertThat(Gate.verdict(comparisons)).isEqualTo(Verdict.FAIL);
    assertThat(Gate.why(comparisons)).contains("served - few_shot -0.200").contains("FAIL");
  }

  @Test
  void a_difference_that_may_lie_on_either_side_of_the_margin_is_inconclusive() {
    assertThat(Gate.verdict(gate.compare(List.of(arm(Arm.FEW_SHOT, 60), arm(Arm.SERVED, 78)))))
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void quantizing_that_costs_more_than_allowed_fails_whatever_was_won() {
    List<Comparison> comparisons =
        gate.compare(List.of(arm(Arm.FEW_SHOT, 10), arm(Arm.TUNED, 140), arm(Arm.SERVED, 80)));

    assertThat(Gate.verdict(comparisons)).isEqualTo(Verdict.FAIL);
  }

  @Test
  void nothing_to_compare_with_decides_nothing() {
    assertThat(Gate.verdict(gate.compare(List.of(arm(Arm.SERVED, 150)))))
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  /** 150 items, the first {@code rights} of them right. */
  private ScoredArm arm(Arm arm, int rights) {
    List<AnswerLine> lines = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      lines.add(ScorerTest.line(i < rights ? "yes" : "no", "yes"));
    }
    Reference file = new Reference(URI.create("file:///x"), "0".repeat(64));
    return new ScoredArm(
        new Answers(arm, Part.TEST, 0, file, "c", "fake", 150, 1, false),
        lines,
        new Scorer(criteria, List.of()).score(lines));
  }
}
