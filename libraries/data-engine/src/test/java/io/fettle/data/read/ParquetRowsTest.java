package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.Fuzz;
import io.fettle.data.Noise;
import io.fettle.data.read.Format.Container;
import io.fettle.data.read.Format.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On files that pyarrow wrote: Snappy in row groups of 20, Zstandard, and bytes that are no text.
 */
class ParquetRowsTest {
  private static final Format CHAT = new Format(Container.PARQUET, Shape.CHAT);
  private static final Format FLAT = new Format(Container.PARQUET, Shape.PROMPT_COMPLETION);
  private static final FieldMapping LABELS = new FieldMapping("text", "label", "", "", "customer");

  @TempDir Path folder;

  @Test
  void lists_of_turns_are_read_with_their_record_numbers() throws IOException {
    Reading reading = Reading.of(CHAT, FieldMapping.usual(), folder, file("chat"));

    assertThat(reading.rows()).hasSize(48);
    assertThat(reading.bad()).containsExactly("rows:8 wrong_role_order", "rows:10 missing_field");
    assertThat(reading.ids()).startsWith("rows:1", "rows:2").endsWith("rows:49", "rows:50");
    assertThat(reading.rows().getFirst().messages())
        .containsExactly(
            Reading.user("Frage 0: wie heißt das? 日本 😀"), Reading.assistant("Antwort 0"));
  }

  @Test
  void columns_are_mapped_and_a_missing_value_is_a_missing_field() throws IOException {
    Reading reading = Reading.of(FLAT, LABELS, folder, file("flat"));

    assertThat(reading.rows()).hasSize(29);
    assertThat(reading.bad()).containsExactly("rows:4 missing_field");
    assertThat(reading.rows().getLast().prompt()).isEqualTo("prompt number 29");
    assertThat(reading.rows().getLast().response()).isEqualTo("label 1");
    assertThat(reading.rows().getLast().group()).isEqualTo("9");
  }

  @Test
  void bytes_that_are_no_text_are_counted_and_never_replaced() throws IOException {
    Reading reading = Reading.of(FLAT, FieldMapping.usual(), folder, file("bytes"));

    assertThat(reading.rows()).hasSize(2);
    assertThat(reading.bad()).containsExactly("rows:2 not_utf8");
  }

  @Test
  void a_column_that_the_file_lacks_is_named_with_those_that_it_has() {
    assertThatThrownBy(() -> Reading.of(FLAT, FieldMapping.usual(), folder, file("flat")))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("no column \"prompt\"; the file has text, label, customer");
  }

  @Test
  void a_column_or_a_key_twice_and_deep_nesting_are_told() throws IOException {
    assertThatThrownBy(() -> Reading.of(FLAT, FieldMapping.usual(), folder, file("twice")))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("the file names the column \"prompt\" twice");
    assertThat(Reading.of(FLAT, FieldMapping.usual(), folder, file("map")).bad())
        .containsExactly("rows:2 duplicate_key");
    assertThat(Reading.of(FLAT, FieldMapping.usual(), folder, file("deep")).bad())
        .containsExactly("rows:1 broken_json");
  }

  @Test
  void the_file_tells_its_shape() throws IOException {
    var chat = java.nio.file.Files.write(folder.resolve("a"), file("chat"));

    assertThat(Guess.of(chat).format()).isEqualTo(CHAT);
    assertThat(Guess.of(chat).fields()).containsExactly("id", "messages");
  }

  @Test
  void noise_and_a_cut_end_in_counts_or_in_a_clear_stop() throws IOException {
    byte[] whole = file("chat");
    Fuzz.tries(
        12,
        random -> {
          try {
            Reading reading =
                Reading.of(CHAT, FieldMapping.usual(), folder, damaged(whole, random));
            assertThat(reading.ids()).doesNotHaveDuplicates();
          } catch (UnreadableFile e) {
            assertThat(e).hasMessageStartingWith("rows line ");
          }
        });
  }

  /** Seen to crash the process that decodes it, or to keep it waiting for ever. */
  @Test
  void a_page_that_crashes_its_decoder_is_a_clear_stop() throws IOException {
    byte[] damaged = file("chat");
    var random = new Random(1);
    for (int i = 4; i < damaged.length / 2; i += 7) {
      damaged[i] = (byte) random.nextInt(256);
    }

    assertThatThrownBy(() -> Reading.of(CHAT, FieldMapping.usual(), folder, damaged))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageContaining("is no sound Parquet");
  }

  /** Most damages that move bytes are found at once; those that turn bits get further in. */
  private static byte[] damaged(byte[] whole, RandomGenerator random) {
    if (random.nextInt(4) == 0) {
      return Noise.damaged(whole, random);
    }
    byte[] damaged = whole.clone();
    for (int n = random.nextInt(4); n >= 0; n--) {
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return damaged;
  }

  private static byte[] file(String name) throws IOException {
    try (var in = ParquetRowsTest.class.getResourceAsStream(name + ".parquet")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
