package io.fettle.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.AnyJson;
import io.fettle.data.Fuzz;
import io.fettle.data.Noise;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models bring along may be damaged, or of a kind that nobody has seen. */
class TokenizerOfNoiseTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TEXT = "in the thin <|end|> inn \u00e9\ud83d\ude00 12 tin";
  private static final AnyJson ANY =
      new AnyJson(
          List.of(
              "model",
              "type",
              "vocab",
              "merges",
              "ignore_merges",
              "byte_fallback",
              "unk_token",
              "pre_tokenizer",
              "pretokenizers",
              "post_processor",
              "normalizer",
              "added_tokens",
              "content",
              "id",
              "lstrip",
              "use_regex",
              "add_prefix_space",
              "pattern",
              "Regex",
              "pieces",
              "between",
              "from",
              "to",
              "before",
              "after",
              "trimmings",
              "left",
              "right",
              "stops",
              "controls",
              "aside"),
          List.of(
              "BPE",
              "ByteLevel",
              "Sequence",
              "Digits",
              "Split",
              "NFC",
              "i n",
              "in",
              "t",
              "<|end|>",
              "start",
              "user",
              "assistant",
              "last",
              "end",
              "nothing",
              "lines",
              "spaces"));

  @TempDir Path folder;
  private ObjectNode sound;
  private JsonNode template;

  @BeforeEach
  void prepare() throws IOException {
    sound =
        (ObjectNode)
            JSON.readTree(
                """
                {"model": {"type": "BPE", "vocab": {}, "merges": ["i n", ["t", "in"]]},
                "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
                "normalizer": {"type": "NFC"},
                "post_processor": {"type": "Sequence", "processors": [{"type": "Template"}]},
                "added_tokens": [{"id": 258, "content": "<|end|>", "special": true}]}
                """);
    var vocabulary = (ObjectNode) sound.path("model").path("vocab");
    for (int value = 0; value < 256; value++) {
      vocabulary.put(String.valueOf(ByteLetters.of(value)), value);
    }
    vocabulary.put("in", 256).put("tin", 257);
    template =
        JSON.readTree(
            """
            {"pieces": {"between": [{"from": "start", "to": "user", "before": "", "after": "<|u|>"},
            {"from": "user", "to": "last", "before": "<|end|>", "after": "<|a|>"},
            {"from": "last", "to": "end", "before": "<|end|>", "after": ""}],
            "trimmings": {"user": {"left": "spaces", "right": "nothing"}}, "aside": ["{{"]},
            "stops": [258], "controls": ["<|end|>"]}
            """);
  }

  @Test
  void a_tokenizer_of_another_build_counts_or_is_refused_with_a_sentence() {
    Fuzz.tries(
        2_000,
        random -> {
          JsonNode tree = random.nextInt(8) == 0 ? ANY.tree(random) : ANY.changed(sound, random);
          byte[] json = JSON.writeValueAsBytes(escaped(tree));
          assertCounts(random.nextBoolean() ? Noise.damaged(json, random) : json);
        });
  }

  @Test
  void a_description_of_a_template_counts_or_is_refused_with_a_sentence() throws IOException {
    var tokenizer = Tokenizer.ofJson(file(JSON.writeValueAsBytes(sound)));
    Fuzz.tries(
        3_000,
        random -> {
          try {
            ChatTemplate.of(ANY.changed(template, random))
                .ifPresent(read -> read.counter(tokenizer).count(row(random)));
          } catch (IOException e) {
            assertThat(e.getMessage()).startsWith("the template's description ");
          }
        });
  }

  @Test
  void a_list_of_ranks_counts_or_is_refused_with_its_line() {
    byte[] ranks = ranks();
    Fuzz.tries(
        500,
        random -> {
          Path file = file(Noise.damaged(ranks, random));
          try {
            assertThat(Tokenizer.ofRanks(file, 3, Map.of()).encoder().count(TEXT)).isPositive();
          } catch (IOException e) {
            assertThat(e).hasMessageStartingWith(file.toString());
          }
        });
  }

  @Test
  void what_nests_too_deep_or_numbers_a_token_below_0_is_refused() throws IOException {
    Path deep = file("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    assertThatIOException()
        .isThrownBy(() -> Tokenizer.ofJson(deep))
        .withMessageContaining("is no JSON");
    ((ObjectNode) sound.path("model").path("vocab")).put("in", -1);
    Path negative = file(JSON.writeValueAsBytes(sound));
    assertThatIOException()
        .isThrownBy(() -> Tokenizer.ofJson(negative))
        .withMessageContaining("the token in has no number");
  }

  private void assertCounts(byte[] json) throws IOException {
    Path file = file(json);
    try {
      var encoder = Tokenizer.ofJson(file).encoder();
      assertThat(encoder.count(TEXT)).isEqualTo(encoder.encode(TEXT).length);
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith(file.toString());
    }
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("tokenizer.json"), content);
  }

  /** Without halves of characters, which no UTF-8 can hold. */
  private static JsonNode escaped(JsonNode tree) throws IOException {
    return JSON.readTree(tree.toString().replaceAll("[\\ud800-\\udfff]", ""));
  }

  private static Row row(RandomGenerator random) {
    String prompt = random.nextBoolean() ? TEXT : " in\n";
    return new Row(
        "rows", 1, List.of(new Message(Role.USER, prompt), new Message(Role.ASSISTANT, TEXT)), "");
  }

  private static byte[] ranks() {
    var ranks = new StringBuilder();
    for (int value = 0; value < 256; value++) {
      ranks.append(line(new byte[] {(byte) value}, value));
    }
    ranks.append(line("in".getBytes(StandardCharsets.UTF_8), 256));
    return ranks.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String line(byte[] token, int rank) {
    return Base64.getEncoder().encodeToString(token) + " " + rank + "\n";
  }
}
