package io.fettle.benchmarks.failures;

import io.fettle.activities.staging.Staging;
import io.fettle.activities.staging.Staging.Access;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The tiny training with a model or rows that are not as they should be, or with more of them. */
record OtherTrainings(TinyTraining tiny, Path scratch) {
  private static final int ROWS = 24;
  private static final int TIMES = 500;

  /** Whole for the store, whose hashes are of what was brought to it. */
  TinyTraining withWeightsCutOff() throws IOException {
    var folder = scratch.resolve("cut-off");
    Staging.stageTree(tiny.store(), tiny.model(), scratch.resolve("cache"), folder, Access.WRITE);
    try (var weights =
        FileChannel.open(folder.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
      weights.truncate(weights.size() / 2);
    }
    return new TinyTraining(tiny.store(), upload(folder), tiny.rows());
  }

  TinyTraining withBadRow() throws IOException {
    var lines = TinyTraining.lines(ROWS);
    lines.set(ROWS / 2, "{\"id\": \"r12\", \"prompt\": \"a row of another kind\"}");
    var folder = Files.createDirectories(scratch.resolve("bad-row"));
    Files.write(folder.resolve("train.jsonl"), lines);
    return withRows(folder);
  }

  /** So many that an evaluation takes a while. */
  TinyTraining withDevRows(int rows) throws IOException {
    var folder = Files.createDirectories(scratch.resolve("dev-rows"));
    Files.write(folder.resolve("train.jsonl"), TinyTraining.lines(ROWS));
    List<String> dev = TinyTraining.lines(rows);
    Files.write(folder.resolve("dev.jsonl"), dev);
    return withRows(folder);
  }

  /** Of some 2,000 tokens each: a batch of them takes hundreds of megabytes. */
  TinyTraining withLongRows() throws IOException {
    var folder = Files.createDirectories(scratch.resolve("long-rows"));
    Files.write(folder.resolve("train.jsonl"), TinyTraining.lines(ROWS, TIMES));
    return withRows(folder);
  }

  private TinyTraining withRows(Path folder) throws IOException {
    return new TinyTraining(tiny.store(), tiny.model(), upload(folder));
  }

  private Reference upload(Path folder) throws IOException {
    return Staging.uploadTree(tiny.store(), folder, ObjectStore.OBJECTS);
  }
}
