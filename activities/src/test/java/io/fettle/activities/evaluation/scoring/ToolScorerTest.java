package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToolScorerTest {
  private static final String WANTED =
      """
      [{"id": "c1", "type": "function",
        "function": {"name": "book", "arguments": "{\\"city\\": \\"Bern\\", \\"nights\\": 2}"}}]
      """;

  @Test
  void a_call_is_right_in_any_way_of_writing_it() throws Exception {
    Marks marks =
        Arms.marks(
            "tool_calls_exact",
            "{\"name\": \"book\", \"arguments\": {\"nights\": 2.0, \"city\": \"Bern\"}}",
            WANTED,
            "I will.\n<tool_call>\n{\"name\": \"book\", \"arguments\": {\"city\": \"Bern\", \"nights\": 2}}\n</tool_call>",
            WANTED,
            "{\"tool_calls\": " + WANTED + "}",
            WANTED,
            "[{\"name\": \"book\", \"parameters\": {\"city\": \"Bern\", \"nights\": 2}}]",
            WANTED);

    assertThat(marks.rights()).isEqualTo(4);
  }

  @Test
  void another_name_or_argument_is_wrong_and_the_arguments_found_are_told() throws Exception {
    Marks marks =
        Arms.marks(
            "tool_calls_exact",
            "{\"name\": \"cancel\", \"arguments\": {\"city\": \"Bern\", \"nights\": 2}}",
            WANTED,
            "{\"name\": \"book\", \"arguments\": {\"city\": \"Bern\", \"nights\": 3}}",
            WANTED);

    assertThat(marks.rights()).isZero();
    assertThat(marks.invalid()).isZero();
    assertThat(marks.extras())
        .containsEntry("name_rate", 0.5)
        .containsEntry("argument_precision", 0.25)
        .containsEntry("argument_f1", 0.25);
  }

  @Test
  void calls_of_one_turn_may_come_in_any_order_but_each_once() throws Exception {
    String both = "[{\"name\": \"a\"}, {\"name\": \"b\", \"arguments\": {}}]";
    Marks marks =
        Arms.marks(
            "tool_calls_exact",
            "[{\"name\": \"b\"}, {\"name\": \"a\"}]",
            both,
            "[{\"name\": \"a\"}, {\"name\": \"a\"}]",
            both,
            "[{\"name\": \"a\"}]",
            both);

    assertThat(marks.right(0)).isTrue();
    assertThat(marks.rights()).isEqualTo(1);
  }

  @Test
  void a_broken_call_is_invalid_and_words_are_right_where_none_was_wanted() throws Exception {
    Marks marks =
        Arms.marks(
            "tool_calls_exact",
            "{\"name\": \"book\", \"arguments\": ",
            WANTED,
            "<tool_call>{\"name\": \"book\", \"argum",
            WANTED,
            "Which city?",
            "In which city?",
            "Which city?",
            WANTED,
            "{\"name\": \"book\"}",
            "In which city?");

    assertThat(marks.invalid()).isEqualTo(2);
    assertThat(marks.right(2)).isTrue();
    assertThat(marks.valid(3)).isTrue();
    assertThat(marks.rights()).isEqualTo(1);
  }
}
