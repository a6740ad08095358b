package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.cli.ExitCode;
import io.fettle.cli.Fettle;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
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

/** The tiny example twice, under other criteria; what the first has deployed is the incumbent. */
@Tag("real")
@Timeout(1_800)
class SeriesRealTest {
  private static final String HOME = System.getProperty("fettle.home", ".fettle");

  @TempDir private static Path folder;
  private static LocalCluster cluster;
  private static TemporalConnection connection;

  @BeforeAll
  static void up() throws Exception {
    cluster = TinyHome.in(folder);
    connection = cluster.ensureUp();
    System.setProperty("fettle.home", folder.toString());
  }

  @AfterAll
  static void down() throws Exception {
    System.setProperty("fettle.home", HOME);
    connection.close();
    cluster.down();
  }

  @Test
  void a_changed_criterion_opens_a_series_in_which_the_endpoints_model_is_measured_anew()
      throws Exception {
    String first = run();
    String second =
        run("evaluate.incumbent={endpoint: auto}", "evaluate.gate.non_inferiority_margin=0.3");

    JsonNode evaluation = evaluation(second);
    assertThat(evaluation.at("/series/opened").asBoolean()).isTrue();
    assertThat(evaluation.at("/series/apart").toString()).contains(first);
    assertThat(evaluation.path("warnings").toString())
        .contains("new series: criteria changed (", "loss: 0.02 -> 0.3");
    assertThat(evaluation.path("comparisons").findValuesAsText("name"))
        .contains("served - incumbent");
    assertThat(evaluation.path("answers").findValuesAsText("engine"))
        .anySatisfy(
            engine ->
                assertThat(engine).startsWith(first + "@").contains("version 1 of endpoint tiny"));
    assertThat(said(ExitCode.INVALID, "compare", second, first))
        .contains(
            second + " is of another series than " + first + ": criteria changed (",
            "loss: 0.02 -> 0.3",
            "results of different criteria are never compared");
    assertThat(said(ExitCode.DONE, "show", second))
        .contains("opened by " + second, "new series: criteria changed (");
  }

  private static String run(String... more) throws Exception {
    List<String> overrides = new ArrayList<>(List.of(more));
    overrides.add("train.max_steps=5");
    var accepted = TinyHome.spec(cluster, overrides);
    String run = new Submission(connection.client(), cluster.store()).start(accepted, false);
    RunRecord record =
        connection
            .client()
            .newUntypedWorkflowStub(run)
            .getResult(12, TimeUnit.MINUTES, RunRecord.class);
    assertThat(record.outcome()).isEqualTo(RunOutcome.DEPLOYED);
    return run;
  }

  private static JsonNode evaluation(String run) {
    try (var records = Records.in(cluster.store())) {
      return records.json(records.required(run).document("evaluation").orElseThrow());
    }
  }

  private static String said(ExitCode exit, String... command) {
    var written = new StringWriter();
    int code =
        Fettle.commandLine()
            .setOut(new PrintWriter(written))
            .setErr(new PrintWriter(written))
            .execute(command);
    assertThat(code).as(written.toString()).isEqualTo(exit.code());
    return written.toString();
  }
}
