package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.Fuzz;
import io.fettle.data.Noise;
import io.fettle.data.row.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV of any bytes, and of what spreadsheets write. */
class CsvOfNoiseTest {
  private static final String ALPHABET = "ab5 \",;'\t\u00e9\ud83d\ude00\n";
  private static final String HEADER = "prompt,completion\n";

  @TempDir Path folder;

  /** A record of two fields, as it is written and as it must be read. */
  private record Written(String text, List<String> fields) {}

  @Test
  void what_a_writer_writes_is_read_again() {
    Fuzz.tries(
        1_000,
        random -> {
          List<Written> records = records(random);

          Reading reading = read(bytes(random.nextBoolean() ? "\uFEFF" : "", HEADER, records));

          assertThat(reading.bad()).isEmpty();
          assertThat(fields(reading)).isEqualTo(records.stream().map(Written::fields).toList());
        });
  }

  @Test
  void a_damaged_byte_costs_its_record_and_no_other() {
    Fuzz.tries(
        2_000,
        random -> {
          List<Written> records = records(random);
          int hit = random.nextInt(records.size());

          Reading reading = read(damaged(records, hit, random));

          assertThat(reading.bad()).hasSize(1);
          List<Written> others = new ArrayList<>(records);
          others.remove(hit);
          assertThat(fields(reading)).isEqualTo(others.stream().map(Written::fields).toList());
        });
  }

  @Test
  void any_bytes_are_records_counts_or_a_clear_stop() {
    Fuzz.tries(
        1_000,
        random -> {
          byte[] content =
              random.nextInt(4) == 0
                  ? Noise.bytes(random, 300)
                  : Noise.damaged(bytes("", HEADER, records(random)), random);
          try {
            Reading reading = read(content);

            List<Long> lines = new ArrayList<>();
            reading.rows().forEach(row -> lines.add(row.line()));
            reading.bad().forEach(bad -> lines.add(Long.parseLong(bad.split("[: ]", 3)[1])));
            assertThat(lines).doesNotHaveDuplicates();
            assertThat(lines).allMatch(line -> line > 1 && line <= lineFeeds(content) + 1);
          } catch (UnreadableFile e) {
            assertThat(e).hasMessageStartingWith("rows line ");
            assertThat(e.getMessage()).hasSizeLessThan(2_000);
          }
        });
  }

  private Reading read(byte[] content) throws IOException {
    return Reading.of(Format.CSV, FieldMapping.usual(), folder, content);
  }

  private static List<Written> records(RandomGenerator random) {
    List<Written> records = new ArrayList<>();
    for (int n = random.nextInt(6); n >= 0; n--) {
      String prompt = "x" + text(random);
      String answer = "y" + text(random);
      String end = random.nextBoolean() ? "\n" : "\r\n";
      records.add(
          new Written(
              written(prompt, random) + "," + written(answer, random) + end,
              List.of(prompt, answer)));
    }
    return records;
  }

  private static String text(RandomGenerator random) {
    int[] points = ALPHABET.codePoints().toArray();
    var text = new StringBuilder();
    for (int n = random.nextInt(9); n > 0; n--) {
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }

  /** A quote inside a field without quotes is what many write for inches. */
  private static String written(String field, RandomGenerator random) {
    boolean needsQuotes = field.indexOf(',') >= 0 || field.indexOf('\n') >= 0;
    return needsQuotes || random.nextBoolean() ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }

  private static byte[] bytes(String mark, String header, List<Written> records) {
    var text = new StringBuilder(mark).append(header);
    records.forEach(record -> text.append(record.text()));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Puts a byte that is no UTF-8, or a NUL, before a letter of the record. */
  private static byte[] damaged(List<Written> records, int hit, RandomGenerator random) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(bytes("", HEADER, records.subList(0, hit)));
    byte[] record = records.get(hit).text().getBytes(StandardCharsets.UTF_8);
    int at = indexOfLetter(record, random);
    bytes.write(record, 0, at);
    bytes.write(random.nextBoolean() ? 0xFF : 0);
    bytes.write(record, at, record.length - at);
    bytes.writeBytes(bytes("", "", records.subList(hit + 1, records.size())));
    return bytes.toByteArray();
  }

  private static int indexOfLetter(byte[] record, RandomGenerator random) {
    int at = random.nextInt(record.length);
    while (record[at] != 'x' && record[at] != 'y' && record[at] != 'a' && record[at] != 'b') {
      at = (at + 1) % record.length;
    }
    return at;
  }

  private static List<List<String>> fields(Reading reading) {
    return reading.rows().stream().map(CsvOfNoiseTest::fields).toList();
  }

  private static List<String> fields(Row row) {
    return List.of(row.prompt(), row.response());
  }

  private static long lineFeeds(byte[] content) {
    long feeds = 0;
    for (byte each : content) {
      feeds += each == '\n' ? 1 : 0;
    }
    return feeds;
  }
}
