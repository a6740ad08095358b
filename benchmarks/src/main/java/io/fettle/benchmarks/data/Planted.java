package io.fettle.benchmarks.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fettle.benchmarks.Effort;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.RowReader;
import io.fettle.data.read.Source;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Rows and edits of them: words inserted, deleted and replaced at 1 to 30 %, words put before a
 * row, and a row's frame used again with other words in it. Longer rows are several real ones one
 * after the other, since of the short ones an edit leaves nothing that is alike.
 *
 * @param origin where the rows are from, for people
 */
record Planted(List<Row> rows, String origin) {
  private static final long SEED = 77;
  private static final int EDITS = 5;
  private static final int LONGEST = 8;
  private static final int VOCABULARY = 20_000;

  static Planted of(Effort effort) throws IOException {
    int originals = effort.isQuick() ? 1_500 : 12_000;
    var random = new Random(SEED);
    var folder = effort.data().flatMap(Planted::banking77);
    var texts = folder.isPresent() ? real(folder.get()) : generated(random, originals);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < originals; i++) {
      var text = new StringBuilder(texts.get(i % texts.size()));
      for (int more = random.nextInt(LONGEST); more > 0; more--) {
        text.append(' ').append(texts.get(random.nextInt(texts.size())));
      }
      rows.add(row(rows.size(), text.toString()));
      for (int edit = random.nextInt(EDITS); edit > 0; edit--) {
        rows.add(row(rows.size(), edited(text.toString(), texts, random)));
      }
    }
    return new Planted(
        List.copyOf(rows),
        folder.map(_ -> "of BANKING77 and edits of them").orElse("generated, and edits of them"));
  }

  /** Every word of BANKING77 that needs no escape in JSON, as often as it comes; else none. */
  static List<String> words(Effort effort) throws IOException {
    var folder = effort.data().flatMap(Planted::banking77);
    return folder.isEmpty()
        ? List.of()
        : real(folder.get()).stream()
            .flatMap(text -> Arrays.stream(text.split("\\s+")))
            .filter(word -> word.matches("[\\p{L}\\d,.'!()-]+"))
            .toList();
  }

  /** UTF-8 bytes of all texts. */
  long bytes() {
    return rows.stream()
        .flatMap(row -> row.messages().stream())
        .mapToLong(message -> message.content().getBytes(UTF_8).length)
        .sum();
  }

  private static Optional<Path> banking77(Path data) {
    return List.of(data, data.resolve("banking77")).stream()
        .filter(folder -> Files.exists(folder.resolve("train.csv")))
        .findFirst();
  }

  private static List<String> real(Path folder) throws IOException {
    var texts = new ArrayList<String>();
    for (var name : List.of("train.csv", "test.csv")) {
      rows(folder.resolve(name)).forEach(row -> texts.add(row.prompt()));
    }
    return texts;
  }

  /** Of one of BANKING77's files: the text and its label. */
  static List<Row> rows(Path file) throws IOException {
    var rows = new ArrayList<Row>();
    var fields = new FieldMapping("text", "category", "", "", "");
    RowReader.of(Format.CSV)
        .read(
            new Source(file, String.valueOf(file.getFileName()), Format.CSV, fields),
            new RowReader.Sink() {
              @Override
              public void row(Row row) {
                rows.add(row);
              }

              @Override
              public void bad(Reason reason, String rowId) throws IOException {
                throw new IOException(rowId + ": " + reason.meaning());
              }
            });
    return rows;
  }

  /** Common words are common, as in real text. */
  private static List<String> generated(Random random, int count) {
    var texts = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      var words = new ArrayList<String>();
      for (int n = 8 + random.nextInt(12); n > 0; n--) {
        words.add(word(random));
      }
      texts.add(String.join(" ", words));
    }
    return texts;
  }

  private static String word(Random random) {
    return Integer.toString((int) (VOCABULARY * Math.pow(random.nextDouble(), 3)), 36) + "s";
  }

  private static String edited(String text, List<String> texts, Random random) {
    var words = new ArrayList<>(Arrays.asList(text.split("\\s+")));
    double share = 0.01 * Math.pow(30, random.nextDouble());
    int count = Math.max(1, (int) Math.round(share * words.size()));
    switch (random.nextInt(5)) {
      case 0 -> repeat(count, () -> words.add(random.nextInt(words.size() + 1), word(random)));
      case 1 -> repeat(Math.min(count, words.size() - 1), () -> remove(words, random));
      case 2 -> repeat(count, () -> words.set(random.nextInt(words.size()), word(random)));
      case 3 -> repeat(count, () -> words.addFirst(word(random)));
      default -> { // the frame stays, and what stands in its middle is another's
        var other = texts.get(random.nextInt(texts.size())).split("\\s+");
        int at = words.size() / 2;
        for (int i = 0; i < Math.min(count, other.length) && at + i < words.size(); i++) {
          words.set(at + i, other[i]);
        }
      }
    }
    return String.join(" ", words);
  }

  private static void remove(List<String> words, Random random) {
    words.remove(random.nextInt(words.size()));
  }

  private static void repeat(int times, Runnable edit) {
    for (int i = 0; i < times; i++) {
      edit.run();
    }
  }

  static Row row(int number, String prompt) {
    return row(number, prompt, "noted");
  }

  static Row row(int number, String prompt, String response) {
    return new Row(
        "planted",
        number + 1L,
        List.of(new Message(Role.USER, prompt), new Message(Role.ASSISTANT, response)),
        "");
  }
}
