package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.evaluation.advice.Evidence.Knowledge;
import io.fettle.activities.evaluation.advice.Evidence.State;
import io.fettle.activities.evaluation.advice.Finding.Cause;
import io.fettle.workflows.evaluation.Advice;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Pairs of cases that share all but one fact, on which the advice has to turn. */
class AdvisorPairsTest {
  private static final int SEEDS = 100;
  private static final int STEADY = 95;

  @Test
  void knowledge_that_changes_is_retrieved_and_one_that_stays_is_learnt() {
    UnaryOperator<Drawn> shared =
        drawn -> drawn.wrong(Cause.KNOWLEDGE, 0.5).wrong(Cause.REMAINING, 0.03).retrieving(0.25);

    steady(Advice.RAG, drawn -> shared.apply(drawn).knowledge(known(State.CHANGING)));
    steady(Advice.FINE_TUNE, drawn -> shared.apply(drawn).knowledge(known(State.STABLE)));
  }

  @Test
  void eighty_rows_decide_nothing_and_two_thousand_do() {
    UnaryOperator<Drawn> shared =
        drawn -> drawn.wrong(Cause.REMAINING, 0.45).wrong(Cause.FORMAT, 0.05);

    steady(Advice.UNDECIDED, drawn -> shared.apply(drawn).rows(64, 16));
    steady(Advice.UNDECIDED, drawn -> shared.apply(drawn).rows(80, 200));
    steady(Advice.FINE_TUNE, drawn -> shared.apply(drawn).rows(2_000, 200));
  }

  @Test
  void a_form_that_decoding_enforces_is_prompted_and_another_is_learnt() {
    steady(Advice.PROMPT, drawn -> drawn.wrong(Cause.FORMAT, 0.4).wrong(Cause.CAPABILITY, 0.1));
    steady(
        Advice.FINE_TUNE, drawn -> drawn.wrong(Cause.REMAINING, 0.4).wrong(Cause.CAPABILITY, 0.1));
  }

  @Test
  void a_style_that_a_better_prompt_reaches_is_prompted_and_another_is_learnt() {
    steady(Advice.PROMPT, drawn -> drawn.wrong(Cause.INSTRUCTION, 0.4).wrong(Cause.REMAINING, 0.1));
    steady(Advice.FINE_TUNE, drawn -> drawn.wrong(Cause.REMAINING, 0.5));
  }

  @Test
  void swapped_labels_are_corrected_before_anything_is_learnt() {
    PlantedLabels labels = new PlantedLabels(8, 0.4, 0.1);
    UnaryOperator<Drawn> shared = drawn -> drawn.wrong(Cause.REMAINING, 0.5);
    Map<Advice, Integer> swapped = new TreeMap<>();
    Map<Advice, Integer> sound = new TreeMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      var worse = Advisor.labelNoise(labels.rows(1_000, 0.2, seed), 0.95, seed);
      var better = Advisor.labelNoise(labels.rows(1_000, 0, seed), 0.95, seed);
      swapped.merge(advice(shared.apply(new Drawn(seed)).noise(worse)), 1, Integer::sum);
      sound.merge(advice(shared.apply(new Drawn(seed)).noise(better)), 1, Integer::sum);
    }

    assertThat(swapped.getOrDefault(Advice.FIX_DATA, 0))
        .as("%s", swapped)
        .isGreaterThanOrEqualTo(STEADY);
    assertThat(sound.getOrDefault(Advice.FINE_TUNE, 0))
        .as("%s", sound)
        .isGreaterThanOrEqualTo(STEADY);
  }

  @Test
  void failures_that_the_right_passage_mends_are_retrieved_and_others_learnt() {
    UnaryOperator<Drawn> shared = drawn -> drawn.knowledge(known(State.CHANGING)).retrieving(0.9);

    steady(
        Advice.RAG,
        drawn -> shared.apply(drawn).wrong(Cause.KNOWLEDGE, 0.5).wrong(Cause.REMAINING, 0.03));
    steady(
        Advice.FINE_TUNE_AND_RAG,
        drawn -> shared.apply(drawn).wrong(Cause.KNOWLEDGE, 0.3).wrong(Cause.REMAINING, 0.3));
    steady(Advice.FINE_TUNE, drawn -> shared.apply(drawn).wrong(Cause.REMAINING, 0.53));
  }

  private static Knowledge known(State state) {
    return new Knowledge(state, "8 of 40 statements under 2 dates or versions contradict");
  }

  private static void steady(Advice expected, UnaryOperator<Drawn> drawn) {
    Map<Advice, Integer> given = new TreeMap<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      given.merge(advice(drawn.apply(new Drawn(seed))), 1, Integer::sum);
    }
    assertThat(given.getOrDefault(expected, 0))
        .as("%s of 100 seeds, all: %s", expected, given)
        .isGreaterThanOrEqualTo(STEADY);
  }

  private static Advice advice(Drawn drawn) {
    return Advisor.advise(drawn.evidence()).advice();
  }
}
