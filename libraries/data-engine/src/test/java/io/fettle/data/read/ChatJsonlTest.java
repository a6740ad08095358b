package io.fettle.data.read;

import static io.fettle.data.read.Reading.assistant;
import static io.fettle.data.read.Reading.system;
import static io.fettle.data.read.Reading.user;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatJsonlTest {
  private static final String GOOD = chat("user", "Hi", "assistant", "Hello");

  @TempDir Path folder;

  @Test
  void turns_are_read_in_order_with_their_line() throws IOException {
    Reading reading = read(chat("system", "Be brief.", "user", "Hi", "assistant", "Hello") + "\n");

    assertThat(reading.rows().getFirst().messages())
        .containsExactly(system("Be brief."), user("Hi"), assistant("Hello"));
    assertThat(reading.ids()).containsExactly("rows:1");
  }

  @Test
  void a_byte_order_mark_mixed_line_ends_blank_lines_and_a_missing_last_end_are_no_obstacle()
      throws IOException {
    Reading reading = read("\uFEFF" + GOOD + "\r\n\n" + GOOD + "\n  \r\n" + GOOD);

    assertThat(reading.ids()).containsExactly("rows:1", "rows:3", "rows:5");
    assertThat(reading.bad()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages": [{"role": "user", "content": "Hi       | broken_json
          {"messages": []} trailing                            | broken_json
          ["messages"]                                         | broken_json
          'single quotes'                                      | broken_json
          {"messages": [], "messages": []}                     | duplicate_key
          {"messages": [{"role": "user", "role": "user"}]}     | duplicate_key
          {"text": "Hi"}                                       | missing_field
          {"messages": null}                                   | missing_field
          {"messages": [{"role": "user"}]}                     | missing_field
          {"messages": "Hi"}                                   | not_text
          {"messages": [{"role": "user", "content": [1]}]}     | not_text
          {"messages": [{"role": "customer", "content": "x"}]} | unknown_role
          {"messages": [{"role": "User", "content": "x"}]}     | unknown_role
          {"messages": []}                                     | wrong_role_order
          """)
  void a_line_that_is_no_conversation_is_counted_with_its_reason(String line, String reason)
      throws IOException {
    Reading reading = read(GOOD + "\n" + line + "\n" + GOOD + "\n");

    assertThat(reading.bad()).containsExactly("rows:2 " + reason);
    assertThat(reading.ids()).containsExactly("rows:1", "rows:3");
  }

  @ParameterizedTest
  @CsvSource({
    "user, assistant, system",
    "assistant, user, assistant",
    "user, user, assistant",
    "system, user, user"
  })
  void roles_out_of_order_are_counted(String first, String second, String third)
      throws IOException {
    Reading reading = read(chat(first, "a", second, "b", third, "c"));

    assertThat(reading.bad()).containsExactly("rows:1 wrong_role_order");
  }

  @Test
  void empty_turns_are_counted_by_whose_they_are() throws IOException {
    Reading reading =
        read(
            chat("user", " ", "assistant", "Hello")
                + "\n"
                + chat("user", "Hi", "assistant", "")
                + "\n"
                + chat("user", "Hi", "assistant", "\\u00a0\\n "));

    assertThat(reading.bad())
        .containsExactly("rows:1 empty_prompt", "rows:2 empty_answer", "rows:3 empty_answer");
  }

  @Test
  void bytes_that_are_not_utf8_nul_bytes_and_lone_surrogates_are_counted() throws IOException {
    byte[] latin = (GOOD.replace("Hi", "caf\u00e9") + "\n").getBytes(StandardCharsets.ISO_8859_1);
    byte[] rest =
        (GOOD.replace("Hi", "a\0b")
                + "\n"
                + GOOD.replace("Hi", "a\\u0000b")
                + "\n"
                + GOOD.replace("Hi", "\\ud800")
                + "\n"
                + GOOD.replace("Hi", "\\ud83d\\ude00"))
            .getBytes(StandardCharsets.UTF_8);

    Reading reading =
        Reading.of(Format.CHAT_JSONL, FieldMapping.usual(), folder, joined(latin, rest));

    assertThat(reading.bad())
        .containsExactly(
            "rows:1 not_utf8", "rows:2 nul_byte", "rows:3 nul_byte", "rows:4 lone_surrogate");
    assertThat(reading.ids()).containsExactly("rows:5");
  }

  @Test
  void deep_nesting_is_a_bad_row_and_not_an_overflow() throws IOException {
    Reading reading = read("{\"messages\":" + "[".repeat(100_000) + "\n" + GOOD);

    assertThat(reading.bad()).containsExactly("rows:1 broken_json");
    assertThat(reading.ids()).containsExactly("rows:2");
  }

  @Test
  void a_line_feed_alone_ends_a_line() throws IOException {
    Reading reading = read(GOOD + "\r" + GOOD + "\n" + GOOD + "\r\n" + GOOD + "\r");

    assertThat(reading.bad()).containsExactly("rows:1 broken_json");
    assertThat(reading.ids()).containsExactly("rows:2", "rows:3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "tool_calls": [{"function": {"name": "f\\ud800", "arguments": {}}}]                | lone_surrogate
          "tool_calls": [{"function": {"name": "f", "arguments": {"\\u0000": 1}}}]           | nul_byte
          "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1e999}}}]             | broken_tool_call
          "tool_calls": [{"function": {"name": "f", "arguments": "{\\"a\\":1,\\"a\\":2}"}}]  | broken_tool_call
          "tool_calls": [{"function": {"name": "f", "arguments": "{} {}"}}]                  | broken_tool_call
          "tool_calls": "f()"                                                                | not_text
          "tool_call_id": "\\udc00"                                                          | lone_surrogate
          """)
  void what_lies_beside_the_text_of_a_turn_is_looked_at_as_well(String field, String reason)
      throws IOException {
    String line = GOOD.replace("\"content\": \"Hello\"", "\"content\": \"Hello\", " + field);

    assertThat(read(line).bad()).containsExactly("rows:1 " + reason);
  }

  @Test
  void arguments_that_nest_too_deep_are_a_bad_call() throws IOException {
    String deep = "[".repeat(990) + "]".repeat(990);
    String calls =
        "\"tool_calls\": [{\"function\": {\"name\": \"f\", \"arguments\": \"{\\\"a\\\":%s}\"}}]"
            .formatted(deep);

    Reading reading = read(GOOD.replace("\"content\": \"Hello\"", calls) + "\n" + GOOD);

    assertThat(reading.bad()).containsExactly("rows:1 broken_tool_call");
    assertThat(reading.ids()).containsExactly("rows:2");
  }

  @Test
  void a_huge_line_is_skipped_and_counted() throws IOException {
    String huge = "x".repeat(Lines.MAX_LINE_BYTES + 1);

    Reading reading = read(GOOD + "\n" + huge + "\n" + GOOD);

    assertThat(reading.bad()).containsExactly("rows:2 line_too_long");
    assertThat(reading.ids()).containsExactly("rows:1", "rows:3");
  }

  @Test
  void a_system_text_of_the_spec_goes_to_rows_that_have_none() throws IOException {
    var fields = new FieldMapping("", "", "", "Be brief.", "");
    String own = chat("system", "Be long.", "user", "Hi", "assistant", "Hello");

    Reading reading = Reading.of(Format.CHAT_JSONL, fields, folder, GOOD + "\n" + own);

    assertThat(reading.rows())
        .extracting(row -> row.system())
        .containsExactly("Be brief.", "Be long.");
  }

  private Reading read(String content) throws IOException {
    return Reading.of(Format.CHAT_JSONL, FieldMapping.usual(), folder, content);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** A line of roles and their texts, which are put into the JSON as they are. */
  private static String chat(String... rolesAndTexts) {
    var turns = new StringBuilder();
    for (int i = 0; i < rolesAndTexts.length; i += 2) {
      turns
          .append(i == 0 ? "" : ", ")
          .append(
              "{\"role\": \"%s\", \"content\": \"%s\"}"
                  .formatted(rolesAndTexts[i], rolesAndTexts[i + 1]));
    }
    return "{\"messages\": [" + turns + "]}";
  }
}
