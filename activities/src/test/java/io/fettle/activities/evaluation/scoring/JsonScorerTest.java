package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fettle.workflows.evaluation.Scoring;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonScorerTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["total"],
       "properties": {"total": {"type": "number", "minimum": 0}, "who": {"type": "string"}}}
      """;

  @Test
  void equal_json_is_right_whatever_the_order_of_keys_and_the_spaces() throws Exception {
    Marks marks =
        Arms.marks(
            "json_exact",
            "{\"a\": 1, \"b\": [2]}",
            "{\"b\":[2],\"a\":1}",
            "{\"a\": 1} and more",
            "{\"a\":1}",
            "no json",
            "{\"a\":1}",
            "{\"a\": 2}",
            "{\"a\":1}",
            "",
            "{\"a\":1}");

    assertThat(marks.rights()).isEqualTo(1);
    assertThat(marks.invalid()).isEqualTo(3);
    assertThat(marks.score(new int[] {0, 0, 1, 2})).isEqualTo(0.5);
    assertThat(marks.extras()).containsEntry("parse_rate", 0.4).containsEntry("exact_rate", 0.2);
  }

  @Test
  void numbers_are_compared_as_numbers_and_never_with_texts() throws Exception {
    Marks marks =
        Arms.marks(
            "json_exact",
            "[1.0, 1e2]",
            "[1, 100]",
            "[\"1\"]",
            "[1]",
            "1e999999999",
            "1",
            "[1, 2]",
            "[2, 1]");

    assertThat(marks.right(0)).isTrue();
    assertThat(marks.rights()).isEqualTo(1);
    assertThat(marks.invalid()).isZero();
  }

  @Test
  void fields_are_found_missed_and_made_up() throws Exception {
    Marks marks =
        Arms.marks(
            "field_f1",
            "{\"who\": \"Ada\", \"total\": 3, \"tags\": [\"b\", \"a\"]}",
            "{\"who\": \"Ada\", \"total\": 4, \"tags\": [\"a\", \"b\"]}",
            "none",
            "{\"who\": \"Bob\"}",
            "{}",
            "{}");

    assertThat(marks.kind()).isEqualTo(Marks.Kind.MEAN);
    assertThat(marks.mark(0)).isEqualTo(0.75);
    assertThat(marks.mark(1)).isZero();
    assertThat(marks.valid(1)).isFalse();
    assertThat(marks.mark(2)).isEqualTo(1);
    assertThat(marks.extras().get("field_precision")).isCloseTo(4 / 5.0, within(1e-12));
    assertThat(marks.extras().get("field_recall")).isCloseTo(4 / 6.0, within(1e-12));
    assertThat(marks.extras().get("field_f1")).isCloseTo(8 / 11.0, within(1e-12));
  }

  @Test
  void an_answer_that_breaks_the_schema_is_invalid_and_the_note_says_where() throws Exception {
    Marks marks =
        Arms.marks(
            Arms.criteria("json_exact", List.of(), Scoring.NONE.withJsonSchema(SCHEMA)),
            Arms.of("{\"total\": -1}", "{\"total\": -1}", "{\"total\": 2}", "{\"total\": 2}"));

    assertThat(marks.right(0)).isFalse();
    assertThat(marks.valid(0)).isFalse();
    assertThat(marks.note(0).orElseThrow()).contains("/total").contains("0");
    assertThat(marks.right(1)).isTrue();
    assertThat(marks.extras()).containsEntry("schema_rate", 0.5).containsEntry("parse_rate", 1.0);
  }

  @Test
  void the_schema_alone_can_be_the_metric() throws Exception {
    Marks marks =
        Arms.marks(
            Arms.criteria("schema_valid", List.of(), Scoring.NONE.withJsonSchema(SCHEMA)),
            Arms.of("{\"total\": 9}", "{\"total\": 2}", "{\"who\": \"x\"}", "{\"total\": 2}"));

    assertThat(marks.score()).isEqualTo(0.5);
  }

  @Test
  void a_schema_that_is_none_or_points_outside_is_refused() {
    assertThatThrownBy(() -> Schemas.of("no"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no JSON object");
    assertThatThrownBy(() -> Schemas.of("{\"$ref\": \"http://127.0.0.1:9/schema.json\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing outside itself");
    assertThatThrownBy(() -> Arms.marks("schema_valid", "{}", "{}"))
        .hasMessageContaining("evaluate.scoring.json_schema");
  }
}
