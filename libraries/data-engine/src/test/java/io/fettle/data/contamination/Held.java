package io.fettle.data.contamination;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files of items, and what rows of a pool hold of them. Items are {@code prompt => answer}. */
final class Held {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private final List<Source> benchmarks = new ArrayList<>();
  private List<Source> testSet = List.of();
  private long bytes = 1L << 30;

  Held(Path folder) {
    this.folder = folder;
  }

  Held benchmark(String... items) throws IOException {
    benchmarks.add(source("benchmark" + benchmarks.size(), items));
    return this;
  }

  Held testSet(String... items) throws IOException {
    testSet = List.of(source("test", items));
    return this;
  }

  Held within(long held) {
    bytes = held;
    return this;
  }

  private Source source(String name, String... items) throws IOException {
    var lines = new ArrayList<String>();
    for (String item : items) {
      String[] sides = (item.contains(" => ") ? item : item + " => yes").split(" => ", -1);
      lines.add(JSON.writeValueAsString(Map.of("prompt", sides[0], "completion", sides[1])));
    }
    Path file = Files.write(Files.createTempFile(folder, name, ".jsonl"), lines);
    return new Source(file, name, Format.PROMPT_COMPLETION_JSONL, FieldMapping.usual());
  }

  Contamination read() throws IOException {
    return new Contamination(testSet, benchmarks, bytes);
  }

  /** Of each row in turn. */
  List<List<Match>> by(List<Row> rows) throws IOException {
    Contamination contamination = read();
    rows.forEach(row -> contamination.count(contamination.met(row), row.source()));
    contamination.seal();
    return rows.stream().map(contamination::matches).toList();
  }

  /** Of a row alone. */
  List<Match> by(String prompt) throws IOException {
    return by(List.of(row(1, prompt, "no"))).getFirst();
  }

  static Row row(int line, String... turns) {
    List<Message> messages =
        IntStream.range(0, turns.length)
            .mapToObj(i -> new Message(i % 2 == 0 ? Role.USER : Role.ASSISTANT, turns[i]))
            .toList();
    return new Row("pool", line, messages, "");
  }

  /** Words that no other seed gives. */
  static String words(int count, int seed) {
    var random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(_ -> "w%dx%d".formatted(seed, random.nextInt(9_000)))
        .collect(Collectors.joining(" "));
  }
}
