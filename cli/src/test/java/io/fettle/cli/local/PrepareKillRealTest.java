package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.cli.Fettle;
import io.fettle.cli.command.PlantedRows;
import io.fettle.cli.runs.Runs;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.enums.v1.EventType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The prepare step of runs on the real server, with {@code kill -9} for the worker that computes
 * it; and what the commands say of the datasets that come out.
 */
@Tag("real")
@Timeout(1_800)
class PrepareKillRealTest {
  private static final int ROWS = 20_000;
  private static final Duration SOON = Duration.ofMinutes(10);
  private static final String HOME = "fettle.home";
  private static final String SPEC =
      """
      apiVersion: fettle/v1
      name: banking
      model: {source: path, path: model}
      data:
        train: [rows.jsonl]
        deduplicate: near
        filter: {refusals: true}
        redact: true
        swapped: report
        max_length: 512
      evaluate: {task: classification}
      """;

  @TempDir private static Path folder;
  private static LocalCluster cluster;
  private static TemporalConnection connection;
  private static ObjectStore store;

  @BeforeAll
  static void up() throws Exception {
    PlantedRows.write(folder.resolve("rows.jsonl"), ROWS, 7);
    cluster = TinyHome.in(folder);
    connection = cluster.ensureUp();
    store = cluster.store().open();
  }

  @AfterAll
  static void down() throws Exception {
    store.close();
    connection.close();
    cluster.down();
  }

  @Test
  void killed_twice_in_its_prepare_step_a_run_goes_on_to_the_dataset_of_an_undisturbed_run()
      throws Exception {
    var straight = start();
    String undisturbed = straight.prepared();
    Dataset first = recorded().getFirst();
    straight.end(first);

    var killed = start();
    killOnceThereIs("rows.jsonl");
    killOnceThereIs("render/count-*/rest/result.json");

    assertThat(killed.prepared()).isEqualTo(undisturbed);
    assertThat(killed.attempts()).containsExactly(3);
    assertThat(scratch("*")).as("what the killed workers left").isEmpty();
    assertThat(recorded()).as("two steps, and every byte the same").containsExactly(first, first);
    killed.end(first);
    commandsReadBoth(killed.id(), undisturbed);
  }

  /** With a dataset that was prepared by the command alone, of the same rows and rules. */
  private static void commandsReadBoth(String run, String hash) throws Exception {
    Path alone = folder.resolve("alone");
    assertThat(
            fettle(
                "data",
                "prepare",
                folder.resolve("rows.jsonl").toString(),
                "-o",
                "" + alone,
                "--drop-refusals",
                "--redact",
                "--keep-swapped",
                "--threads",
                "1"))
        .contains("dataset " + hash);

    assertThat(fettle("data", "diff", alone.toString(), run))
        .contains("both hold the same rows in the same parts")
        .contains("config/min_tokens: 0 -> 1")
        .doesNotContain("inputs/");
    assertThat(fettle("data", "diff", run, run)).doesNotContain("->");
    assertThat(fettle("data", "inspect", run))
        .contains("dataset %s, every shard verified".formatted(hash), "rows.jsonl  sha256 ");
    Path pointer = folder.resolve("banking.dvc");
    fettle("data", "export", run, "--dvc", "" + pointer, "--remote", "" + folder.resolve("remote"));
    assertThat(pointer).content().contains("path: banking");
    assertThat(fettle("show", run)).contains("dataset   " + hash);
    assertThat(fettle("list", "--json")).contains("\"dataset\":\"" + hash + "\"");
  }

  /** The worker that has the queue of the step. */
  private static void killOnceThereIs(String file) {
    must(file, () -> !scratch(file).isEmpty());
    var left = scratch(file);
    var before = ProcessFile.read(cluster.home(), "control").orElseThrow();
    before.id().find().orElseThrow().destroyForcibly();
    must("another control worker", () -> isAnother(before));
    must("the next attempt", () -> left.stream().noneMatch(Files::exists));
  }

  private static boolean isAnother(ProcessFile before) {
    var now = ProcessFile.read(cluster.home(), "control").orElseThrow();
    return now.pid() != before.pid() && now.state() == ProcessFile.State.UP;
  }

  /** Files in the folders that prepare steps work in. */
  private static List<Path> scratch(String file) {
    var all = cluster.home().state().resolve("work");
    var matcher = all.getFileSystem().getPathMatcher("glob:%s/prepare-*/%s".formatted(all, file));
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (var files = Files.walk(all)) {
      return files.filter(matcher::matches).toList();
    } catch (IOException | UncheckedIOException goneMeanwhile) {
      return List.of();
    }
  }

  private static Started start() {
    SpecReading reading =
        new SpecReader(SpecPolicy.current()).read("banking.yaml", SPEC, folder, List.of());
    var accepted = reading.accepted().orElseThrow(() -> new AssertionError(reading.describe()));
    return new Started(new Submission(connection.client(), cluster.store()).start(accepted, true));
  }

  /** A run that is to end once its rows are prepared. */
  private record Started(String id) {
    private Runs.Found found() {
      return new Runs(connection.client()).byId(id);
    }

    /** The dataset hash that the run is tagged with. */
    String prepared() {
      must("the dataset", () -> !isUnprepared(found().dataset()));
      return found().dataset();
    }

    private boolean isUnprepared(String dataset) {
      if (!found().isOpen()) {
        throw new AssertionError(id + " ended: " + found().status());
      }
      return dataset.equals("none");
    }

    /** Of each time that the step was started and reported. */
    List<Integer> attempts() {
      var events = connection.client().fetchHistory(id, found().execution()).getEvents();
      List<Integer> attempts = new ArrayList<>();
      for (var event : events) {
        if (event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED) {
          var started = event.getActivityTaskStartedEventAttributes();
          var scheduled = events.get((int) started.getScheduledEventId() - 1);
          var type = scheduled.getActivityTaskScheduledEventAttributes().getActivityType();
          if (type.getName().equals("Prepare")) {
            attempts.add(started.getAttempt());
          }
        }
      }
      return attempts;
    }

    /** Cancels it, and leaves the record that a run which ends by itself leaves. */
    void end(Dataset dataset) throws IOException {
      new Runs(connection.client()).stub(found()).cancel();
      must("the end", () -> !found().isOpen());
      var story =
          new RunStory(
              id,
              found().execution(),
              RunOutcome.EVALUATED,
              "",
              id,
              "",
              List.of(new RunStory.Document("dataset", dataset.tree())),
              List.of(),
              List.of(),
              Optional.empty(),
              "",
              List.of(),
              dataset.hash());
      store.put(
          "runs/%s/executions/%s/record.json".formatted(id, found().execution()),
          Wire.mapper().writeValueAsBytes(story));
    }
  }

  /** What each execution's step has recorded. */
  private static List<Dataset> recorded() throws IOException {
    List<Dataset> datasets = new ArrayList<>();
    for (var object : store.list("steps/prepare/")) {
      JsonNode record = Wire.mapper().readTree(store.find(object.key()).orElseThrow());
      if (record.has("result")) {
        datasets.add(Wire.mapper().treeToValue(record.path("result"), Dataset.class));
      }
    }
    return datasets;
  }

  /** What a command says, in this test's home. */
  private static String fettle(String... arguments) {
    var out = new StringWriter();
    String home = System.getProperty(HOME, "");
    System.setProperty(HOME, folder.toString());
    try {
      int code =
          Fettle.commandLine()
              .setOut(new PrintWriter(out))
              .setErr(new PrintWriter(out))
              .execute(arguments);
      assertThat(code).as("%s: %s", List.of(arguments), out).isZero();
      return out.toString();
    } finally {
      System.setProperty(HOME, home);
    }
  }

  private static void must(String what, BooleanSupplier condition) {
    if (!Waiting.until(SOON, condition)) {
      throw new AssertionError(what + " did not come within " + SOON);
    }
  }
}
