package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.disks.Folders;
import io.fettle.cli.Fettle;
import io.fettle.data.version.DatasetReader;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fettle data prepare} as a process of its own, and {@code kill -9} for it. */
@Tag("real")
@Timeout(900)
class DataPrepareKillRealTest extends CommandTest {
  private static final int ROWS = 20_000;
  private static final int SEED = 17;
  private static final int SIGKILLED = 128 + 9;

  /** A kill may come too late on a machine that has stopped for a moment. */
  private static final int ATTEMPTS = 10;

  @BeforeEach
  void rows() throws IOException {
    PlantedRows.write(folder.resolve("rows.jsonl"), ROWS, 7);
  }

  /** Where in its work the process is, as its files and its own lines tell. */
  private enum Moment {
    HASH("hash"),
    READ("read"),
    MANY_READ("read") {
      @Override
      boolean hasCome(Path out) throws IOException {
        return size(out.resolve(".preparing/rows.jsonl")) > 1 << 20;
      }
    },
    SWAPPED("swapped"),
    NEAR_DUPLICATES("near_duplicates"),
    WRITE("write"),
    SOME_WRITTEN("write") {
      @Override
      boolean hasCome(Path out) throws IOException {
        return size(out.resolve("shards/train.new")) > 0;
      }
    },
    SHARDS_IN_PLACE("write") {
      @Override
      boolean hasCome(Path out) throws IOException {
        return !shards(out).isEmpty();
      }
    };

    private final String stage;

    Moment(String stage) {
      this.stage = stage;
    }

    /** Once the stage has begun. */
    boolean hasCome(Path out) throws IOException {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void killed_at_every_stage_and_run_again_it_ends_in_the_dataset_of_an_undisturbed_run(int threads)
      throws Exception {
    Path straight = folder.resolve("straight");
    assertThat(run(straight, 2)).isZero();
    Path out = folder.resolve("out");

    for (Moment moment : Moment.values()) {
      killAt(moment, out, threads, SEED);

      assertThat(DatasetReader.isDataset(out)).as("killed at %s", moment).isFalse();
      assertThat(fettle("data", "inspect", out.toString())).isEqualTo(2);
      assertThat(err.toString()).containsAnyOf("holds no rows", "of a prepare that was cut off");
    }
    Folders.delete(out); // what is left next is of another seed, whole and part
    killAt(Moment.SHARDS_IN_PLACE, out, threads, SEED + 1);
    assertThat(shards(out)).as("files that are not of the next run").isNotEmpty();
    assertThat(run(out, threads)).isZero();

    assertThat(contents(out)).isEqualTo(contents(straight));
    var dataset = DatasetReader.open(out);
    dataset.verify();
    assertThat(dataset.manifest().origin().stages())
        .as("every planted fault was seen")
        .flatExtracting(stage -> stage.dropped().keySet())
        .contains(
            "broken_json",
            "missing_field",
            "not_utf8",
            "refusal",
            "exact_duplicate",
            "near_duplicate");
  }

  @Test
  void a_file_that_changes_meanwhile_ends_it_without_a_dataset() throws Exception {
    Path out = folder.resolve("out");
    var process = start(out, 2, SEED);
    try (var said = process.errorReader()) {
      awaitStage("read", said.lines().iterator());
      Files.writeString(
          folder.resolve("rows.jsonl"),
          "{\"prompt\": \"late\", \"completion\": \"row\"}\n",
          StandardOpenOption.APPEND);
      assertThat(said.lines().toList())
          .anyMatch(line -> line.contains("changed while it was read"));
    }
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  /** Until the process dies of it before its end. */
  private void killAt(Moment moment, Path out, int threads, int seed) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      var process = start(out, threads, seed);
      try (var said = process.errorReader()) {
        awaitStage(moment.stage, said.lines().iterator());
        while (process.isAlive() && !moment.hasCome(out)) {
          LockSupport.parkNanos(100_000);
        }
        process.destroyForcibly();
        if (process.waitFor() == SIGKILLED && !DatasetReader.isDataset(out)) {
          return;
        }
      }
      Folders.delete(out); // too late
    }
    throw new AssertionError("no kill at %s came in time".formatted(moment));
  }

  private static void awaitStage(String stage, Iterator<String> lines) {
    List<String> before = new ArrayList<>();
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.equals(stage + " ...")) {
        return;
      }
      before.add(line);
    }
    throw new AssertionError("no stage %s in %s".formatted(stage, before));
  }

  private int run(Path out, int threads) throws Exception {
    var process = start(out, threads, SEED);
    process.errorReader().transferTo(Writer.nullWriter());
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String told = process.inputReader().readAllAsString();
    assertThat(Wire.mapper().readTree(told).path("dataset").asText())
        .isEqualTo(DatasetReader.open(out).manifest().dataset());
    return process.exitValue();
  }

  private Process start(Path out, int threads, int seed) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx400m", "-XX:TieredStopAtLevel=1"));
    command.add("-Dfettle.home=" + folder.resolve("home"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fettle.class.getName()));
    command.addAll(
        List.of("data", "prepare", at("rows.jsonl"), "-o", out.toString(), "--json", "--redact"));
    command.addAll(List.of("--drop-refusals", "--keep-swapped", "--threads", "" + threads));
    command.addAll(List.of("--seed", "" + seed));
    return new ProcessBuilder(command).start();
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static List<Path> shards(Path out) throws IOException {
    Path shards = out.resolve("shards");
    if (!Files.isDirectory(shards)) {
      return List.of();
    }
    try (var files = Files.list(shards)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).toList();
    }
  }

  /** Every file, hidden ones too, by its path. */
  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (var all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }
}
