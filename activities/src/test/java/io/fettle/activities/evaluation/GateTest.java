package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.evaluation.scoring.ScoringOptions;
import io.fettle.statistics.Clusters;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Limit;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
  static final Criteria CRITERIA =
      new Criteria(
          1,
          "generation",
          "exact_match",
          List.of(),
          "",
          16,
          4,
          List.of(2),
          0.1,
          0.1,
          0.025,
          2_000,
          42,
          null,
          null,
          Optional.empty());
  private final Gate gate = new Gate(CRITERIA, Clusters.none(150));

  @Test
  void a_candidate_far_above_the_prompted_arms_and_level_with_its_parent_passes() throws Exception {
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
    assertThat(Gate.verdict(comparisons, List.of())).isEqualTo(Verdict.PASS);
  }

  @Test
  void a_candidate_worse_than_few_shot_fails_and_says_by_how_much() throws Exception {
    List<Comparison> comparisons =
        gate.compare(List.of(arm(Arm.FEW_SHOT, 90), arm(Arm.SERVED, 60)));

    assertThat(Gate.verdict(comparisons, List.of())).isEqualTo(Verdict.FAIL);
    assertThat(Gate.why(comparisons, List.of()))
        .contains("served - few_shot -0.200")
        .contains("FAIL");
  }

  @Test
  void a_difference_that_may_lie_on_either_side_of_the_margin_is_inconclusive() throws Exception {
    assertThat(
            Gate.verdict(
                gate.compare(List.of(arm(Arm.FEW_SHOT, 60), arm(Arm.SERVED, 78))), List.of()))
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void quantizing_that_costs_more_than_allowed_fails_whatever_was_won() throws Exception {
    List<Comparison> comparisons =
        gate.compare(List.of(arm(Arm.FEW_SHOT, 10), arm(Arm.TUNED, 140), arm(Arm.SERVED, 80)));

    assertThat(Gate.verdict(comparisons, List.of())).isEqualTo(Verdict.FAIL);
  }

  @Test
  void an_undecided_condition_says_how_many_items_would_decide_it() throws Exception {
    List<Comparison> comparisons =
        gate.compare(List.of(arm(Arm.FEW_SHOT, 60), arm(Arm.SERVED, 82)));

    assertThat(comparisons.getFirst().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(comparisons.getFirst().needed()).isGreaterThan(150);
    assertThat(Gate.why(comparisons, List.of()))
        .contains("150 items do not decide it; about " + comparisons.getFirst().needed());
  }

  @Test
  void items_that_hang_together_count_once_and_fewer_than_ten_clusters_decide_nothing()
      throws Exception {
    int[] ofItem = new int[150];
    for (int item = 0; item < 150; item++) {
      ofItem[item] = item / 30;
    }
    List<Comparison> comparisons =
        new Gate(CRITERIA, Clusters.of(ofItem))
            .compare(List.of(arm(Arm.FEW_SHOT, 25), arm(Arm.SERVED, 135)));

    assertThat(comparisons.getFirst().clusters()).isEqualTo(5);
    assertThat(comparisons.getFirst().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(comparisons.getFirst().method()).isEqualTo("fewer than 10 clusters");
  }

  @Test
  void a_limit_that_is_broken_closes_the_gate_whatever_was_won() throws Exception {
    List<Comparison> comparisons =
        gate.compare(List.of(arm(Arm.FEW_SHOT, 25), arm(Arm.SERVED, 135)));
    var slow = new Limit("seconds", 3, 2.5, 3.5, 2, Verdict.FAIL, 150, 150);

    assertThat(Gate.verdict(comparisons, List.of())).isEqualTo(Verdict.PASS);
    assertThat(Gate.verdict(comparisons, List.of(slow))).isEqualTo(Verdict.FAIL);
    assertThat(Gate.why(comparisons, List.of(slow))).contains("seconds 3.00", "may be 2.00: FAIL");
  }

  @Test
  void a_linear_model_that_does_as_well_decides_nothing_and_is_told_with_its_numbers()
      throws Exception {
    List<ScoredArm> level =
        List.of(arm(Arm.FEW_SHOT, 25), arm(Arm.CLASSICAL, 138), arm(Arm.SERVED, 135));

    assertThat(gate.compare(level))
        .extracting(Comparison::name)
        .containsExactly("served - few_shot");
    assertThat(told(level))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .contains(
                        "a linear model on embeddings answers this as well: 0.920 against 0.900",
                        "-0.020 ["));
    assertThat(told(List.of(arm(Arm.CLASSICAL, 150), arm(Arm.SERVED, 100))))
        .hasValueSatisfying(said -> assertThat(said).contains("answers this better"));
    assertThat(told(List.of(arm(Arm.CLASSICAL, 133), arm(Arm.SERVED, 135))))
        .hasValueSatisfying(said -> assertThat(said).contains("may answer this as well"));
    assertThat(told(List.of(arm(Arm.CLASSICAL, 25), arm(Arm.SERVED, 135)))).isEmpty();
    assertThat(told(List.of(arm(Arm.SERVED, 135)))).isEmpty();
  }

  private Optional<String> told(List<ScoredArm> arms) {
    return gate.overLinearModel(arms)
        .flatMap(over -> Warnings.ofLinearModel(over, arms.stream().map(gate::score).toList()));
  }

  @Test
  void an_undecided_limit_says_how_many_answers_would_decide_it() {
    var few = new Limit("seconds", 1, 0.5, 3, 2, Verdict.INCONCLUSIVE, 40, 72);
    var even = new Limit("seconds", 1, 0.5, 3, 2, Verdict.INCONCLUSIVE, 40, Comparison.UNKNOWN);

    assertThat(Gate.why(List.of(), List.of(few)))
        .contains("INCONCLUSIVE (40 answers do not decide it; about 72 would)");
    assertThat(Gate.why(List.of(), List.of(even)))
        .contains("no number is known that would: one in 20 is slower");
  }

  @Test
  void the_general_set_cannot_grow_so_its_margin_is_what_is_left_to_change() {
    var condition =
        new Comparison(
            Forgetting.CONDITION,
            -0.02,
            -0.08,
            0.04,
            -0.04,
            Verdict.INCONCLUSIVE,
            "paired score",
            124,
            124,
            900);

    assertThat(Gate.why(List.of(condition), List.of()))
        .contains("124 items do not decide it; about 900 would; the set has no more")
        .contains("a wider regression_margin takes fewer");
  }

  @Test
  void nothing_to_compare_with_decides_nothing() throws Exception {
    assertThat(Gate.verdict(gate.compare(List.of(arm(Arm.SERVED, 150))), List.of()))
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  /** 150 items, the first {@code rights} of them right. */
  private ScoredArm arm(Arm arm, int rights) throws IOException, InterruptedException {
    List<AnswerLine> lines = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      String answer = i < rights ? "yes" : "no";
      lines.add(
          new AnswerLine("item " + i, answer, "yes", 0.1, 10, 2, Optional.empty(), List.of()));
    }
    Reference file = new Reference(URI.create("file:///x"), "0".repeat(64));
    return new ScoredArm(
        new Answers(arm, Part.TEST, 0, file, "c", "fake", 150, 1, false, "", Optional.empty()),
        lines,
        Scorers.mark(
            CRITERIA,
            lines.stream().map(AnswerLine::forScoring).toList(),
            ScoringOptions.in(Path.of("nowhere"))));
  }
}
