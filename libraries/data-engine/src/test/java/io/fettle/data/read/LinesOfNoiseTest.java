package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.data.Fuzz;
import io.fettle.data.Noise;
import io.fettle.data.read.Format.Container;
import io.fettle.data.read.Format.Shape;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSONL of any bytes. */
class LinesOfNoiseTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final FieldMapping FIELDS = FieldMapping.usual();
  private static final List<Shape> SHAPES = List.of(Shape.values());
  private static final Format FLAT = Format.PROMPT_COMPLETION_JSONL;

  @TempDir Path folder;

  @Test
  void every_line_is_a_row_or_counted_whatever_bytes_come() {
    Fuzz.tries(
        1_000,
        random -> {
          byte[] content =
              random.nextInt(4) == 0
                  ? Noise.bytes(random, 300)
                  : Noise.damaged(lines(random, 1 + random.nextInt(6)), random);
          var format = new Format(Container.JSONL, SHAPES.get(random.nextInt(SHAPES.size())));
          try {
            Reading reading = Reading.of(format, FIELDS, folder, content);

            var told = new ArrayList<>(reading.ids());
            reading.bad().forEach(bad -> told.add(bad.substring(0, bad.indexOf(' '))));
            assertThat(told).containsExactlyInAnyOrderElementsOf(linesWithText(content));
          } catch (UnreadableFile e) { // the noise looks packed
            assertThat(content[0]).isIn((byte) 0x1F, (byte) 0x28);
            assertThat(e).hasMessageStartingWith("rows line ");
          }
        });
  }

  @Test
  void rows_are_the_same_wherever_the_file_is_cut_and_whoever_reads_the_pieces() throws Exception {
    try (var threads = Executors.newFixedThreadPool(3)) {
      Fuzz.tries(
          500,
          random -> {
            byte[] content = Noise.damaged(lines(random, 1 + random.nextInt(12)), random);
            int usual = 1 + random.nextInt(200);

            assertThat(cut(content, usual, random, threads))
                .isEqualTo(cut(content, 1 << 16, random, threads));
          });
    }
  }

  @Test
  void the_guess_takes_any_file() {
    Fuzz.tries(
        1_000,
        random -> {
          byte[] content = Noise.damaged(lines(random, random.nextInt(4)), random);
          Path file = Files.write(folder.resolve("guessed"), content);
          try {
            assertThat(Guess.of(file).fields()).isNotNull();
          } catch (UnreadableFile e) {
            assertThat(e).hasMessageStartingWith("guessed line ");
          }
        });
  }

  private static byte[] lines(RandomGenerator random, int count) throws IOException {
    var lines = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      lines.writeBytes(
          JSON.writeValueAsBytes(
              Map.of("prompt", "ask \u00e9\ud83d\ude00 " + i, "completion", "say " + i)));
      lines.writeBytes((random.nextBoolean() ? "\n" : "\r\n").getBytes(StandardCharsets.UTF_8));
    }
    return lines.toByteArray();
  }

  /** By other means than the reader's: which lines are not blank. */
  private static List<String> linesWithText(byte[] content) {
    List<String> ids = new ArrayList<>();
    int number = 0;
    for (int from = 0; from < content.length; ) {
      int end = from;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      number++;
      String text = text(content, from, end);
      if (!(number == 1 ? text.replaceFirst("^\uFEFF", "") : text).isBlank()) {
        ids.add("rows:" + number);
      }
      from = end + 1;
    }
    return ids;
  }

  private static String text(byte[] content, int from, int end) {
    try {
      var bytes = ByteBuffer.wrap(content, from, end - from);
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException _) {
      return "no text";
    }
  }

  /** What the pieces hold, each read by any thread and in any order. */
  private static List<String> cut(
      byte[] content, int usual, RandomGenerator random, ExecutorService threads) throws Exception {
    List<RowReader.Batch> pieces = new ArrayList<>();
    var source = new Source(Path.of("rows"), "rows", FLAT, FIELDS);
    var rows = new BlockRows(source, RecordShape.of(Shape.PROMPT_COMPLETION), JsonlReader::object);
    try (var blocks = new Blocks("rows", slow(content, random), usual, 1 << 16)) {
      rows.batches(blocks, pieces::add);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, Random.from(random));
    List<Future<List<String>>> told = new ArrayList<>(Collections.nCopies(pieces.size(), null));
    for (int i : order) {
      told.set(i, threads.submit(() -> told(pieces.get(i))));
    }
    List<String> all = new ArrayList<>();
    for (var each : told) {
      all.addAll(each.get());
    }
    return all;
  }

  private static List<String> told(RowReader.Batch piece) throws IOException {
    List<String> told = new ArrayList<>();
    piece.rows(
        new RowReader.Sink() {
          @Override
          public void row(Row row) {
            told.add(row.toString());
          }

          @Override
          public void bad(Reason reason, String rowId) {
            told.add(rowId + " " + reason);
          }
        });
    return told;
  }

  private static InputStream slow(byte[] content, RandomGenerator random) {
    return new FilterInputStream(new ByteArrayInputStream(content)) {
      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        return super.read(into, from, Math.min(length, 1 + random.nextInt(99)));
      }
    };
  }
}
