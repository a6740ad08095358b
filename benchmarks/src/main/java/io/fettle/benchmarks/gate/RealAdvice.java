package io.fettle.benchmarks.gate;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.OwnHome;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.spec.SpecPolicy;
import io.temporal.client.WorkflowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The demo's spec as {@code fettle advise} runs it, in a home of its own: a real engine answers dev
 * with the 135M model, whose prompts reach next to nothing. A tuned one answers nearly all of it.
 */
final class RealAdvice {
  private static final String SPEC = "examples/support-triage/fettle.yaml";
  private static final Advice EXPECTED = Advice.FINE_TUNE;
  private static final List<String> ENVIRONMENTS = List.of("train", "serve");
  private static final long LONGEST_MINUTES = 30;

  private RealAdvice() {}

  /**
   * How it went.
   *
   * @param right empty where it could not run
   */
  record Told(Optional<Boolean> right, String note) {
    private static Told notRun(String reason) {
      return new Told(Optional.empty(), reason);
    }
  }

  static Told advise(Effort effort) throws IOException, InterruptedException {
    if (effort.isQuick()) {
      return Told.notRun("takes minutes; not in --quick");
    }
    Environments made = LocalCluster.current(Progress.silent()).environments((_, _, _, _, _) -> {});
    for (String name : ENVIRONMENTS) {
      if (!made.isMade(name)) {
        return Told.notRun("no environment %s yet; `fettle demo` makes it".formatted(name));
      }
    }
    Path folder = Files.createTempDirectory("fettle-bench-advise");
    try (var own = new OwnHome(folder, Map.of());
        var connection = own.cluster().ensureUp()) {
      return advised(own.cluster(), connection);
    }
  }

  private static Told advised(LocalCluster cluster, TemporalConnection connection) {
    var reading =
        new SpecReader(SpecPolicy.current()).read(cluster.home().root().resolve(SPEC), List.of());
    var accepted =
        reading.accepted().orElseThrow(() -> new IllegalStateException(reading.describe()));
    String run = new Submission(connection.client(), cluster.store()).startAdvice(accepted, false);
    try {
      RunRecord record =
          connection
              .client()
              .newUntypedWorkflowStub(run)
              .getResult(LONGEST_MINUTES, TimeUnit.MINUTES, RunRecord.class);
      return record.outcome() == RunOutcome.ADVISED
          ? read(cluster, run)
          : new Told(Optional.of(false), "ended " + record.outcome() + ": " + record.why());
    } catch (WorkflowException | TimeoutException broken) {
      return new Told(Optional.of(false), "the run gave no advice: " + broken.getMessage());
    }
  }

  private static Told read(LocalCluster cluster, String run) {
    try (var records = Records.in(cluster.store())) {
      var finding =
          records
              .required(run)
              .document("baselines")
              .map(records::json)
              .orElseThrow(() -> new IllegalStateException(run + " has no baselines"))
              .path("finding");
      String advice = finding.path("advice").asText();
      return new Told(
          Optional.of(advice.equals(EXPECTED.name())),
          "%s, %s".formatted(advice, finding.path("why").asText()));
    }
  }
}
