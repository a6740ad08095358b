package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.data.read.Format.Container;
import io.fettle.data.read.Format.Shape;
import io.fettle.data.row.Message;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Seeded properties that hold for every reader. */
class ReaderPropertiesTest {
  private static final int TRIALS = 200;
  private static final String ALPHABET =
      "ab \"',;\\{}[]:\t\u00e9\u00df\u4e2d\u0416\ud83d\ude00\u200d";
  private static final FieldMapping FIELDS = FieldMapping.usual();
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  static List<Format> ofLines() {
    return Stream.of(Shape.values()).map(shape -> new Format(Container.JSONL, shape)).toList();
  }

  static List<Format> all() {
    return Stream.concat(ofLines().stream(), Stream.of(Format.CSV, Format.TSV)).toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_was_written_is_what_is_read(Format format) throws IOException {
    for (int seed = 0; seed < TRIALS; seed++) {
      var random = new Random(seed);
      List<String> texts = texts(random, 2 * (1 + random.nextInt(6)));

      Reading reading = Reading.of(format, FIELDS, folder, file(format, texts, random));

      assertThat(reading.bad()).as("seed %d", seed).isEmpty();
      assertThat(contents(reading.rows())).as("seed %d", seed).isEqualTo(texts);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void a_row_survives_its_normal_form(Format format) throws IOException {
    var random = new Random(4);
    Reading reading = Reading.of(format, FIELDS, folder, file(format, texts(random, 40), random));

    for (Row row : reading.rows()) {
      String line = new String(RowJson.line(row), StandardCharsets.UTF_8);
      assertThat(line).endsWith("\n").doesNotContain("\r");
      assertThat(RowJson.row(line)).isEqualTo(row);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noise_in_a_file_ends_in_counts_or_in_a_clear_stop(Format format) throws IOException {
    for (int seed = 0; seed < TRIALS; seed++) {
      var random = new Random(seed);
      byte[] content = file(format, texts(random, 20), random).getBytes(StandardCharsets.UTF_8);
      for (int i = random.nextInt(8); i >= 0; i--) {
        content[random.nextInt(content.length)] = (byte) random.nextInt(256);
      }
      try {
        Reading reading = Reading.of(format, FIELDS, folder, content);
        assertThat(reading.ids()).as("seed %d", seed).doesNotHaveDuplicates();
        assertThat(reading.rows().size() + reading.bad().size()).as("seed %d", seed).isPositive();
      } catch (UnreadableFile e) {
        assertThat(format.container()).isIn(Container.CSV, Container.TSV);
        assertThat(e).hasMessageStartingWith("rows line ");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ofLines")
  void a_broken_line_costs_no_other_line(Format format) throws IOException {
    for (int seed = 0; seed < TRIALS; seed++) {
      var random = new Random(seed);
      List<String> texts = texts(random, 20);
      List<String> lines = new ArrayList<>(file(format, texts, random).lines().toList());
      var content = new ByteArrayOutputStream();
      int broken = random.nextInt(lines.size());
      for (int i = 0; i < lines.size(); i++) {
        byte[] bytes = lines.get(i).getBytes(StandardCharsets.UTF_8);
        content.write(bytes, 0, i == broken ? random.nextInt(1, bytes.length - 1) : bytes.length);
        content.write('\n');
      }

      Reading reading = Reading.of(format, FIELDS, folder, content.toByteArray());

      assertThat(reading.rows()).as("seed %d", seed).hasSize(lines.size() - 1);
      assertThat(reading.bad()).as("seed %d", seed).hasSize(1);
      assertThat(reading.bad().getFirst()).startsWith("rows:" + (broken + 1) + " ");
    }
  }

  private static List<String> contents(List<Row> rows) {
    return rows.stream().flatMap(row -> row.messages().stream()).map(Message::content).toList();
  }

  /** Texts that are not blank, as a reader must have them: CSV knows no difference of line ends. */
  private static List<String> texts(RandomGenerator random, int count) {
    int[] points = (ALPHABET + "\n").codePoints().toArray();
    List<String> texts = new ArrayList<>();
    while (texts.size() < count) {
      var text = new StringBuilder("x");
      for (int i = random.nextInt(30); i > 0; i--) {
        text.appendCodePoint(points[random.nextInt(points.length)]);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static String file(Format format, List<String> texts, RandomGenerator random)
      throws IOException {
    String end = random.nextBoolean() ? "\n" : "\r\n";
    List<String> lines = new ArrayList<>();
    if (format.container() != Container.JSONL) {
      lines.add("prompt" + format.container().separator() + "completion");
    }
    for (int i = 0; i < texts.size(); i += 2) {
      lines.add(line(format, texts.get(i), texts.get(i + 1)));
    }
    return lines.stream().map(line -> line + end).collect(Collectors.joining());
  }

  private static String line(Format format, String prompt, String answer) throws IOException {
    if (format.container() != Container.JSONL) {
      return quoted(prompt) + format.container().separator() + quoted(answer);
    }
    return JSON.writeValueAsString(
        switch (format.shape()) {
          case CHAT -> Map.of("messages", List.of(turn("user", prompt), turn("assistant", answer)));
          case PROMPT_COMPLETION -> Map.of("prompt", prompt, "completion", answer);
          case ALPACA -> Map.of("instruction", prompt, "input", "", "output", answer);
          case SHAREGPT ->
              Map.of(
                  "conversations",
                  List.of(
                      Map.of("from", "human", "value", prompt),
                      Map.of("from", "gpt", "value", answer)));
          case PREFERENCE ->
              Map.of("prompt", prompt, "chosen", answer, "rejected", answer + " or not");
        });
  }

  private static Map<String, String> turn(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private static String quoted(String field) {
    return '"' + field.replace("\"", "\"\"") + '"';
  }
}
