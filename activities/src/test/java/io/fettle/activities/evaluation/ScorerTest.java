package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.evaluation.Criteria;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorerTest {
  @Test
  void equal_json_is_right_whatever_the_order_of_keys_and_the_spaces() {
    var scored =
        new Scorer(criteria("json_exact", List.of()), List.of())
            .score(
                List.of(
                    line("{\"a\": 1, \"b\": [2]}", "{\"b\":[2],\"a\":1}"),
                    line("{\"a\": 1} and more", "{\"a\":1}"),
                    line("no json", "{\"a\":1}"),
                    line("{\"a\": 2}", "{\"a\":1}"),
                    line("", "{\"a\":1}")));

    assertThat(scored.rights()).isEqualTo(1);
    assertThat(scored.invalid()).isEqualTo(3);
    assertThat(scored.score(new int[] {0, 0, 1, 2})).isEqualTo(0.5);
  }

  @Test
  void a_label_is_compared_without_case_and_margins_and_an_unknown_one_is_invalid() {
    var scored =
        new Scorer(criteria("accuracy", List.of("Card", "Loan")), List.of())
            .score(List.of(line(" card\n", "Card"), line("Loan", "Card"), line("a card", "Card")));

    assertThat(scored.rights()).isEqualTo(1);
    assertThat(scored.invalid()).isEqualTo(1);
  }

  @Test
  void labels_that_the_criteria_do_not_name_are_those_of_the_data() {
    var answers = List.of(line("a", "a"), line("b", "b"), line("c", "b"));

    var scored = new Scorer(criteria("macro_f1", List.of()), Scorer.labels(answers)).score(answers);

    assertThat(scored.macro()).isTrue();
    assertThat(scored.invalid()).isEqualTo(1);
    assertThat(scored.score(new int[] {0, 1})).isEqualTo(1);
  }

  @Test
  void text_is_right_up_to_margins_and_composition() {
    var scored =
        new Scorer(criteria("exact_match", List.of()), List.of())
            .score(List.of(line(" cafe\u0301 ", "caf\u00e9"), line("cafe", "caf\u00e9")));

    assertThat(scored.rights()).isEqualTo(1);
  }

  static Criteria criteria(String metric, List<String> labels) {
    return new Criteria(
        1, "generation", metric, labels, "", 16, 4, List.of(2), 0.1, 0.1, 0.05, 2_000, 42);
  }

  static AnswerLine line(String answer, String reference) {
    return new AnswerLine(answer + "/" + reference, answer, reference, 0.1, 10, 2);
  }
}
