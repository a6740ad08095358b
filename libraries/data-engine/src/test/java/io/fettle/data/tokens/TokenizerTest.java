package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against jtokkit, which brings OpenAI's vocabularies; Hugging Face's are the real tests' oracle.
 */
class TokenizerTest {
  /** What cutting a text gets wrong first. */
  private static final List<String> TORTURE =
      List.of(
          "",
          " ",
          "  ",
          "a",
          " a",
          "  a",
          "\ta\n\n b  \r\n  c\u00a0d\u2003\u2003e\u0085f",
          "don't DON'T we'll WE'LL I'Ve it\u2019s x'",
          "'s 's'' 'ſ 're're",
          "1 12 123 1234 12345 ²③Ⅳ٣٤٥ 1a2b",
          "naïve cafe\u0301 Ångström ßſ ﬁ ŉ İı",
          "日本語のテキスト。한국어 文字 中文字符",
          "👩‍👩‍👧‍👦 🇩🇪 👍🏽 😀😀😀 \u200d\ufe0f",
          "العربية עברית हिन्दी ไทย \u0e33",
          "<|endoftext|> <|im_end|> <| <<<",
          "!!!\n\n??? ...\r\r\n,,, \n x",
          "    indented\n\tif (a && b) { return x->y[0]; }\n",
          "\u0000\u0001\u007f\u009f\ufeff\ufffd",
          "a\u3000b\u1680c\u202fd\u205fe\u180ef",
          "\ud835\udd38\ud835\udd39 \ud801\udc00 \ud83c\udd70");

  @TempDir static Path folder;
  private static Tokenizer r50k;
  private static Tokenizer cl100k;

  enum Family {
    R50K,
    CL100K;

    Tokenizer ours() {
      return this == R50K ? r50k : cl100k;
    }

    Encoding oracle() {
      return Encodings.newDefaultEncodingRegistry()
          .getEncoding(this == R50K ? EncodingType.R50K_BASE : EncodingType.CL100K_BASE);
    }
  }

  @BeforeAll
  static void read() throws IOException {
    r50k = Tokenizer.ofRanks(ranks("r50k_base"), 0, Map.of());
    cl100k = Tokenizer.ofRanks(ranks("cl100k_base"), 3, Map.of());
  }

  private static Path ranks(String name) throws IOException {
    var file = folder.resolve(name);
    var resource = "/com/knuddels/jtokkit/" + name + ".tiktoken";
    try (var in = Objects.requireNonNull(Encodings.class.getResourceAsStream(resource))) {
      Files.copy(in, file);
    }
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void the_tokens_of_texts_that_are_hard_to_cut_are_the_oracles(Family family) {
    var oracle = family.oracle();
    var encoder = family.ours().encoder();
    for (var text : TORTURE) {
      same(encoder, oracle, text);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_tokens_of_random_texts_are_the_oracles(Family family) {
    var random = new Random(7);
    var oracle = family.oracle();
    var encoder = family.ours().encoder();
    for (int trial = 0; trial < 2_000; trial++) {
      same(encoder, oracle, random(random));
    }
  }

  private static void same(Encoder encoder, Encoding oracle, String text) {
    var expected = oracle.encodeOrdinary(text).toArray();
    assertThat(encoder.encode(text)).as(text).containsExactly(expected);
    assertThat(encoder.count(text)).as(text).isEqualTo(expected.length);
    assertThat(encoder.count(text)).as("the second time: " + text).isEqualTo(expected.length);
  }

  /** Pieces of all classes, and single characters of Unicode. */
  private static String random(Random random) {
    var pieces =
        List.of(" ", "\n", "\r", "\t", "'", "s", "ll", "word", "Ü", "7", "12345", "!", "。");
    var text = new StringBuilder();
    for (int length = random.nextInt(40); length > 0; length--) {
      if (random.nextInt(4) > 0) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      } else {
        int point = random.nextInt(0x30000);
        text.appendCodePoint(Character.getType(point) == Character.SURROGATE ? 'x' : point);
      }
    }
    return text.toString();
  }

  @Test
  void a_long_run_without_a_break_is_encoded_as_short_ones_are_and_in_little_time() {
    var oracle = Family.CL100K.oracle();
    var random = new Random(3);
    var text = new StringBuilder();
    while (text.length() < 5_000) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    same(cl100k.encoder(), oracle, text.toString());
    var huge = "a".repeat(3_000_000);
    assertThat(cl100k.encoder().count(huge)).isPositive().isLessThan(huge.length());
  }

  @Test
  void special_tokens_count_as_one_each_wherever_they_stand() throws IOException {
    var added = Map.of("<|im_end|>", 100_265, "<|im", 100_266);
    var encoder = Tokenizer.ofRanks(folder.resolve("cl100k_base"), 3, added).encoder();

    assertThat(encoder.encode("<|im_end|><|im<|im_end|>"))
        .containsExactly(100_265, 100_266, 100_265);
    assertThat(encoder.count("a<|im_end|>b<|im")).isEqualTo(4);
  }

  static Stream<String> notRanks() {
    return Stream.of("", "IQ==", "IQ== x", "!!! 3", "IQ== 0\nAA== 1\n");
  }

  @Test
  void a_file_that_is_none_is_refused_with_its_line() throws IOException {
    for (var text : notRanks().toList()) {
      var file = Files.write(folder.resolve("bad"), text.getBytes(UTF_8));
      assertThatIOException()
          .isThrownBy(() -> Tokenizer.ofRanks(file, 0, Map.of()))
          .withMessageContaining("bad");
    }
  }
}
