package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.evaluation.advice.Evidence.Arm;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Finding.Cause;
import io.fettle.workflows.evaluation.Advice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinearModelTest {
  private static final int ITEMS = 200;

  @Test
  void one_that_reaches_the_target_alone_leaves_training_undecided() {
    Finding finding = beside(new Drawn(9).target(0.8).wrong(Cause.REMAINING, 0.5), 1);

    assertThat(finding.advice()).isEqualTo(Advice.UNDECIDED);
    assertThat(finding.why())
        .contains("a linear model on embeddings alone scores 100 %")
        .contains("reaches the target of 80 %");
    assertThat(finding.next()).contains("the linear model gets wrong");
  }

  @Test
  void one_that_beats_every_prompt_is_told_beside_advice_to_train() {
    Drawn drawn = new Drawn(9).wrong(Cause.REMAINING, 0.5);
    Finding alone = Advisor.advise(new Drawn(9).wrong(Cause.REMAINING, 0.5).evidence());

    Finding finding = beside(drawn, 0.86);

    assertThat(finding.advice()).isEqualTo(alone.advice()).isEqualTo(Advice.FINE_TUNE);
    assertThat(finding.why())
        .startsWith(alone.why())
        .containsPattern(
            "a linear model on embeddings answers this better: 0\\.860 against 0\\.\\d+ of [^,]+, \\+\\d+ \\[");
    assertThat(finding.next()).startsWith("look in `fettle report`").endsWith(alone.next());
  }

  @Test
  void one_that_is_not_surely_within_the_margin_of_every_prompt_is_only_a_remark() {
    Finding finding = beside(new Drawn(9).wrong(Cause.REMAINING, 0.5), 0.5);

    assertThat(finding.why()).doesNotContain("linear model");
    assertThat(finding.next()).doesNotContain("linear model");
    assertThat(finding.remarks())
        .anyMatch(said -> said.startsWith("a linear model on embeddings scores 50 % ["));
  }

  @Test
  void wrong_labels_are_still_corrected_first() {
    Noise noise = new Noise(0.2, 0.16, 0.24, 600, List.of("row-7"));
    Finding finding =
        beside(new Drawn(4).wrong(Cause.REMAINING, 0.5).noise(Optional.of(noise)), 0.86);

    assertThat(finding.advice()).isEqualTo(Advice.FIX_DATA);
    assertThat(finding.why()).contains("answers this better");
    assertThat(finding.next()).startsWith("read the").doesNotContain("linear model");
  }

  /** The first items right. */
  private static Finding beside(Drawn drawn, double score) {
    Evidence evidence = drawn.evidence();
    List<Arm> arms = new ArrayList<>(evidence.arms());
    List<Double> marks =
        Stream.iterate(0, item -> item + 1)
            .limit(ITEMS)
            .map(item -> item < score * ITEMS ? 1.0 : 0.0)
            .toList();
    arms.add(new Arm(Way.CLASSICAL, 0, marks));
    return Advisor.advise(
        new Evidence(
            evidence.bar(),
            evidence.readiness(),
            arms,
            evidence.probes(),
            evidence.curve(),
            evidence.knowledge(),
            evidence.economics()));
  }
}
