package io.fettle.activities.data;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.data.quality.Judge;
import io.fettle.data.quality.Scores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Scores of one judge in the store, by what a row says: {@code scores/{judge}/{hash}.jsonl}, each a
 * few hundred that never change. What one prepare has paid for no other pays for again, whatever
 * else its dataset holds and wherever it runs.
 */
final class SharedScores implements AutoCloseable {
  /** Of lines; some 300 scores. */
  private static final int PART_BYTES = 64 << 10;

  private final ObjectStore store;
  private final String prefix;
  private final Path file;
  private long published;

  /**
   * Of one judge.
   *
   * @param file the scores that this prepare adds
   */
  SharedScores(ObjectStore store, Judge.Column column, Path file) {
    this.store = store;
    this.file = file;
    var name = column.model() + "\n" + column.prompt();
    prefix = ObjectStore.SCORES + "/" + Stores.sha256(name.getBytes(StandardCharsets.UTF_8)) + "/";
  }

  /**
   * Names them, so that they stay as long as what the store keeps of a run's execution.
   *
   * @param execution where that lies
   */
  void keepFor(String execution) throws IOException {
    store.put(
        execution + "/scores.json", Wire.mapper().writeValueAsBytes(Map.of("scores", prefix)));
  }

  /** Takes over what others have; {@code scratch} is a folder. */
  void fetch(Scores scores, Path scratch) throws IOException {
    Path part = Files.createTempFile(scratch, "part-", "");
    try {
      for (var each : store.list(prefix)) {
        store.copy(each.key(), part);
        scores.know(part);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Lets others have what there is, once that is worth an object. */
  void publish() throws IOException {
    if (Files.size(file) - published >= PART_BYTES) {
      publishAll();
    }
  }

  private void publishAll() throws IOException {
    var lines = wholeLines();
    if (lines.length > 0) {
      store.putIfAbsent(prefix + Stores.sha256(lines) + ".jsonl", lines);
      published += lines.length;
    }
  }

  /** The last one may be half written. */
  private byte[] wholeLines() throws IOException {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      var bytes = new byte[Math.toIntExact(in.length() - published)];
      in.seek(published);
      in.readFully(bytes);
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      return Arrays.copyOf(bytes, end);
    }
  }

  @Override
  public void close() throws IOException {
    publishAll();
  }
}
