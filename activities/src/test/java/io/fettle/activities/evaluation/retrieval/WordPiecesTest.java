package io.fettle.activities.evaluation.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordPiecesTest {
  private static WordPieces pieces;

  @BeforeAll
  static void read() throws IOException {
    try (var json =
        WordPiecesTest.class.getResourceAsStream("/all-minilm-l6-v2-q-tokenizer.json")) {
      pieces = new WordPieces(Objects.requireNonNull(json).readAllBytes());
    }
  }

  /** The ids are those of the Python package tokenizers 0.22 for the same vocabulary. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Hello, world!|101 7592 1010 2088 999 102",
        "Where's my card?|101 2073 1005 1055 2026 4003 1029 102",
        "\u00c4rger \u00fcber na\u00efve caf\u00e9-\u00df|101 12098 4590 19169 15743 7668 1011 1096 102",
        "unaffable xyzzyqq|101 14477 20961 3468 1060 2100 28753 4160 4160 102",
        "\u65e5\u672c text|101 1864 1876 3793 102",
        "$5.00 <b>|101 1002 1019 1012 4002 1026 1038 1028 102",
        "e\u0301 \u200b zero\u200dwidth|101 1041 5717 9148 11927 2232 102",
        "\u0130stanbul \u0391\u03a3|101 9960 1155 29733 102",
        "can't\u2014won't\u2026|101 2064 1005 1056 1517 2180 1005 1056 1529 102",
      })
  void texts_have_the_ids_that_the_model_was_trained_with(String text, String ids) {
    assertThat(pieces.ids(text, 512)).containsExactly(numbers(ids));
  }

  @Test
  void a_word_that_is_too_long_is_unknown() {
    assertThat(pieces.ids("x".repeat(101), 512)).containsExactly(101, 100, 102);
  }

  @Test
  void a_long_text_is_cut_and_still_ends() {
    assertThat(pieces.ids("hello ".repeat(600), 512)).hasSize(512).endsWith(7592, 102);
  }

  private static long[] numbers(String ids) {
    return java.util.Arrays.stream(ids.split(" ")).mapToLong(Long::parseLong).toArray();
  }
}
