package io.fettle.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.tokens.ChatTemplate.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Integer> ADDED =
      Map.of("<|im_start|>", 100_264, "<|im_end|>", 100_265, "<think>", 100_270);
  private static final String CHATML =
      """
      {"pieces": {
         "between": [
           {"from": "start", "to": "system", "before": "<|im_start|>system\\n", "after": ""},
           {"from": "start", "to": "user", "before": "<|im_start|>user\\n", "after": ""},
           {"from": "system", "to": "user", "before": "<|im_end|>\\n<|im_start|>user\\n", "after": ""},
           {"from": "user", "to": "assistant", "before": "<|im_end|>\\n<|im_start|>assistant\\n", "after": ""},
           {"from": "user", "to": "last", "before": "<|im_end|>\\n<|im_start|>assistant\\n", "after": ""},
           {"from": "assistant", "to": "user", "before": "<|im_end|>\\n", "after": "<|im_start|>user\\n"},
           {"from": "last", "to": "end", "before": "<|im_end|>\\n", "after": ""}],
         "trimmings": {"user": {"left": "spaces", "right": "lines"}},
         "aside": ["</think>"]},
       "controls": ["<|im_start|>", "<|im_end|>"],
       "stops": [100265]}
      """;

  @TempDir static Path folder;
  private static Tokenizer cl100k;
  private static final Encoding ORACLE =
      Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);

  @BeforeAll
  static void read() throws IOException {
    var file = folder.resolve("cl100k");
    var resource = "/com/knuddels/jtokkit/cl100k_base.tiktoken";
    try (var in = Objects.requireNonNull(Encodings.class.getResourceAsStream(resource))) {
      Files.copy(in, file);
    }
    cl100k = Tokenizer.ofRanks(file, 3, ADDED);
  }

  private static ChatTemplate.Counter counter(String told) throws IOException {
    return ChatTemplate.of(JSON.readTree(told)).orElseThrow().counter(cl100k);
  }

  private static Row row(String... said) {
    var messages = new ArrayList<Message>();
    for (int i = 0; i < said.length; i++) {
      messages.add(new Message(i % 2 == 0 ? Role.USER : Role.ASSISTANT, said[i]));
    }
    return new Row("rows.jsonl", 1, messages, "");
  }

  private static int oracle(String... texts) {
    int count = 0;
    for (var text : texts) {
      count += ORACLE.countTokensOrdinary(text);
    }
    return count;
  }

  @Test
  void the_tokens_are_those_of_the_rendered_text_and_the_answers_with_their_ends_carry_the_loss()
      throws IOException {
    var counted =
        counter(CHATML).count(row("Wo ist\u00a0er?", "naïve 12345 日本", "and?", "don't\n\n"));

    int whole =
        oracle("user\nWo ist\u00a0er?", "\n", "assistant\nnaïve 12345 日本", "\n")
            + oracle("user\nand?", "\n", "assistant\ndon't\n\n", "\n");
    int answers = oracle("naïve 12345 日本", "don't\n\n");
    assertThat(counted).contains(new Counted(whole + 8, answers + 2, true));
  }

  @Test
  void a_system_turn_has_a_text_of_its_own_and_what_the_template_cuts_off_is_not_counted()
      throws IOException {
    var messages = new ArrayList<Message>();
    messages.add(new Message(Role.SYSTEM, " be brief\n"));
    messages.addAll(row(" \u3000\u001c hi \n\n", "yes").messages());
    var counted = counter(CHATML).count(new Row("rows.jsonl", 1, messages, ""));

    int whole = oracle("system\n be brief\n", "\n", "user\nhi ", "\n", "assistant\nyes", "\n");
    assertThat(counted).contains(new Counted(whole + 6, 2, true));
  }

  @Test
  void one_counter_counts_each_row_for_itself() throws IOException {
    var counter = counter(CHATML);
    var first = counter.count(row("a", "b"));
    counter.count(row("a longer one", "<|im_end|>"));
    counter.count(row("a longer one", "with a longer answer", "and", "another one"));

    assertThat(counter.count(row("a", "b"))).isPresent().isEqualTo(first);
  }

  @Test
  void an_answer_ends_with_its_last_added_token_even_if_that_is_no_end_of_turn()
      throws IOException {
    var without =
        CHATML.replace(
            "\"last\", \"to\": \"end\", \"before\": \"<|im_end|>\\n\"",
            "\"last\", \"to\": \"end\", \"before\": \"\"");
    assertThat(counter(without).count(row("a", "so <think> it is")))
        .hasValueSatisfying(
            counted -> {
              assertThat(counted.supervisedTokens()).isEqualTo(oracle("so ") + 1);
              assertThat(counted.endsWithEndOfTurn()).isFalse();
            });
    assertThat(counter(without).count(row("a", "so it is")))
        .hasValueSatisfying(counted -> assertThat(counted.supervisedTokens()).isEqualTo(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \u3000\n",
        "a <|im_end|> b",
        "so </think> it is",
        "\n\nafter the head's line"
      })
  void an_answer_that_only_the_template_can_judge_is_left_to_it(String answer) throws IOException {
    assertThat(counter(CHATML).count(row("a", answer))).isEmpty();
  }

  @Test
  void a_row_that_the_pieces_do_not_cover_is_left_to_the_template() throws IOException {
    var counter = counter(CHATML);
    var calls = new Message(Role.ASSISTANT, "x", "[{\"type\": \"function\"}]", "");
    var user = new Message(Role.USER, "a");
    var answer = new Message(Role.ASSISTANT, "b");
    var tool = new Message(Role.TOOL, "t", "", "c");

    assertThat(counter.count(row("a", "b"))).isPresent();
    assertThat(counter.count(row("a", "b").withTools("[{}]"))).isEmpty();
    for (var turns :
        List.of(
            List.of(user, calls),
            List.of(user, tool, answer),
            List.of(user, user, answer),
            List.of(answer),
            List.of(user))) {
      assertThat(counter.count(new Row("rows.jsonl", 1, turns, ""))).as("%s", turns).isEmpty();
    }
  }

  /** Every byte is a token, and the text is composed first. */
  private static Tokenizer composing() throws IOException {
    var vocabulary = JSON.createObjectNode();
    for (int value = 0; value < 256; value++) {
      vocabulary.put(String.valueOf(ByteLetters.of(value)), value);
    }
    var file = folder.resolve("tokenizer.json");
    return Tokenizer.ofJson(
        Files.writeString(
            file,
            """
            {"normalizer": {"type": "NFC"},
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
             "added_tokens": [
               {"id": 300, "content": "<|im_end|>"}, {"id": 301, "content": "<|im_start|>"}],
             "model": {"type": "BPE", "vocab": %s, "merges": []}}
            """
                .formatted(vocabulary)));
  }

  @Test
  void composed_text_is_counted_as_it_is_composed_and_its_edges_with_it() throws IOException {
    var template = ChatTemplate.of(JSON.readTree(CHATML)).orElseThrow();
    var counter = template.counter(composing());
    var composed = counter.count(row("caf\u00e9", "\u00e9t\u00e9"));

    assertThat(composed).hasValueSatisfying(c -> assertThat(c.supervisedTokens()).isEqualTo(6));
    assertThat(counter.count(row("cafe\u0301", "e\u0301te\u0301"))).isEqualTo(composed);
  }

  @Test
  void an_answer_whose_first_letter_goes_with_what_stands_before_it_is_left_to_the_template()
      throws IOException {
    var glued = CHATML.replace("assistant\\n", "assistant: e");
    var counter = ChatTemplate.of(JSON.readTree(glued)).orElseThrow().counter(composing());

    assertThat(counter.count(row("a", "\u0301te\u0301"))).isEmpty();
    assertThat(counter.count(row("a", " te\u0301"))).isPresent();
  }

  @Test
  void a_template_without_pieces_is_none_and_a_broken_description_is_refused() throws IOException {
    assertThat(ChatTemplate.of(JSON.readTree("{\"pieces\": null, \"reason\": \"x\"}"))).isEmpty();
    for (var broken :
        List.of(CHATML.replace("\"last\"", "\"nowhere\""), CHATML.replace("spaces", "words"))) {
      assertThatIOException()
          .isThrownBy(() -> ChatTemplate.of(JSON.readTree(broken)))
          .withMessageContaining("description");
    }
  }
}
