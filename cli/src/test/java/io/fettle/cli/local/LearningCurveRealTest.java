package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tiny example, trained on parts of its rows for the advice and then on all of them. */
@Tag("real")
@Timeout(1_800)
class LearningCurveRealTest {
  private static final List<String> OVERRIDES =
      List.of(
          "train.max_steps=60",
          "deploy={enabled: false, engine: transformers, max_model_len: 512}",
          "evaluate.train_anyway_because=random weights learn nothing",
          "evaluate.advise.curve=true");

  @TempDir private static Path folder;
  private static LocalCluster cluster;
  private static TemporalConnection connection;
  private static ObjectStore store;

  @BeforeAll
  static void up() throws Exception {
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
  void the_advice_trains_on_two_parts_through_a_death_and_the_run_after_it_looks_both_up()
      throws Exception {
    var accepted = TinyHome.spec(cluster, OVERRIDES);
    var submission = new Submission(connection.client(), cluster.store());

    String advice = submission.startAdvice(accepted, false);
    killTheTrainerOnceItHasSaved(advice + ".curve-25");
    RunRecord advised = ended(advice);

    assertThat(advised.outcome()).isEqualTo(RunOutcome.ADVISED);
    assertThat(points(advised, "baselines")).hasSize(2);
    assertThat(recorded("steps/train/")).hasSize(2);
    assertThat(tunedOnDev()).containsExactlyInAnyOrder("25%", "50%");
    assertThat(leases(advised.run() + ".curve-25"))
        .as("one before the death, one after")
        .isEqualTo(2);
    assertThat(resumedFrom(advised.run() + ".curve-25", 2))
        .contains(".curve-25/checkpoints/000001/");
    assertThat(leases(advised.run() + ".curve-50")).isEqualTo(1);
    assertThat(leases(advised.run())).isZero();
    var page = new String(store.read(advised.report()), StandardCharsets.UTF_8);
    assertThat(page).contains("score on dev over training rows", "rows would gain");

    RunRecord run = ended(submission.start(accepted, false));

    assertThat(run.verdict()).isNotEmpty();
    assertThat(run.leases()).as("of all rows").hasSize(1);
    assertThat(leases(run.run() + ".curve-25")).as("looked up").isZero();
    assertThat(recorded("steps/train/")).hasSize(3);
    assertThat(tunedOnDev()).containsExactlyInAnyOrder("25%", "50%", "100%");
    List<Integer> rows = points(run, "curve");
    assertThat(rows)
        .hasSize(3)
        .isSorted()
        .startsWith(points(run, "baselines").toArray(new Integer[0]));
    assertThat(4 * rows.get(0)).isBetween(rows.get(2) - 12, rows.get(2));
    assertThat(2 * rows.get(1)).isBetween(rows.get(2) - 12, rows.get(2));
  }

  private static void killTheTrainerOnceItHasSaved(String ledger) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    while (store.list("runs/%s/checkpoints/000001/".formatted(ledger)).isEmpty()) {
      assertThat(System.nanoTime()).as("time for a first checkpoint").isLessThan(end);
      Thread.sleep(50);
    }
    assertThat(
            ProcessHandle.allProcesses()
                .filter(process -> isTrainer(process, ledger + "-000001"))
                .filter(ProcessHandle::destroyForcibly)
                .count())
        .as("killed")
        .isPositive();
  }

  private static boolean isTrainer(ProcessHandle process, String folder) {
    String command = process.info().commandLine().orElse("");
    return command.contains("fettle_trainer") && command.contains(folder);
  }

  private static String resumedFrom(String ledger, int lease) throws IOException {
    String key = "runs/%s/leases/%06d.json".formatted(ledger, lease);
    return Wire.mapper().readTree(store.find(key).orElseThrow()).at("/resumeFrom/uri").asText();
  }

  private static RunRecord ended(String run) throws Exception {
    return connection
        .client()
        .newUntypedWorkflowStub(run)
        .getResult(14, TimeUnit.MINUTES, RunRecord.class);
  }

  /** The rows of each point that the document tells. */
  private static List<Integer> points(RunRecord record, String document) throws IOException {
    RunStory story = Wire.mapper().readValue(store.read(record.record()), RunStory.class);
    for (RunStory.Document each : story.documents()) {
      if (each.name().equals(document)) {
        JsonNode curve = Wire.mapper().readTree(store.read(each.reference())).at("/finding/curve");
        return curve.path("points").valueStream().map(point -> point.path("rows").asInt()).toList();
      }
    }
    throw new AssertionError("the run has no document " + document);
  }

  private static List<String> tunedOnDev() throws IOException {
    List<String> variants = new ArrayList<>();
    for (JsonNode result : recorded("steps/answer/")) {
      Answers answers = Wire.mapper().treeToValue(result, Answers.class);
      if (answers.arm() == Arm.TUNED && answers.part() == Part.DEV) {
        variants.add(answers.variant());
      }
    }
    return variants;
  }

  private static List<JsonNode> recorded(String steps) throws IOException {
    List<JsonNode> results = new ArrayList<>();
    for (var object : store.list(steps)) {
      JsonNode record = Wire.mapper().readTree(store.find(object.key()).orElseThrow());
      if (record.has("result")) {
        results.add(record.path("result"));
      }
    }
    return results;
  }

  private static long leases(String ledger) throws IOException {
    return store.list("runs/%s/leases/".formatted(ledger)).stream()
        .filter(object -> object.key().endsWith(".json"))
        .count();
  }
}
