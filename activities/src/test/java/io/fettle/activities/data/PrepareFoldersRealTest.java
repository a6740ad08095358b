package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.staging.Staging;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The step over folders that others write to meanwhile. */
@Tag("real")
class PrepareFoldersRealTest extends PreparesForReal {
  private static final String QUEUE = "cpu";
  private static final String SPEC =
      DEMO.replace("train: tickets.jsonl, test: test.jsonl, dev_rows: 40", "train: exports");

  /** Prepares three times in one execution. */
  @WorkflowInterface
  public interface Repeats {
    @WorkflowMethod
    Seen run(PrepareJob job);
  }

  /** What came of it; the third time in words. */
  public record Seen(Dataset first, Dataset again, String gone) {}

  /** Writes to the folder between one time and the next. */
  @ActivityInterface
  public interface Somebody {
    void adds();

    void takesAway();
  }

  public static final class Repeating implements Repeats {
    private static final ActivityOptions ONCE =
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofMinutes(2))
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
            .build();

    private final DataActivities data = Workflow.newActivityStub(DataActivities.class, ONCE);
    private final Somebody somebody = Workflow.newActivityStub(Somebody.class, ONCE);

    @Override
    public Seen run(PrepareJob job) {
      Dataset first = data.prepare(job);
      somebody.adds();
      Dataset again = data.prepare(job);
      somebody.takesAway();
      try {
        data.prepare(job);
        return new Seen(first, again, "");
      } catch (ActivityFailure e) {
        return new Seen(first, again, Objects.toString(e.getCause()));
      }
    }
  }

  @Test
  void a_repeat_reads_the_files_that_its_execution_saw_first_or_names_the_one_that_is_gone()
      throws Exception {
    Path here = folder.resolve("repeated");
    rows(here.resolve("exports/a/rows.jsonl"), 15);
    rows(here.resolve("exports/b/rows.jsonl"), 15);
    PrepareJob job = job(here, SPEC, "");
    Path gone = here.resolve("exports/b/rows.jsonl");

    Seen seen;
    try (var temporal = TestWorkflowEnvironment.newInstance()) {
      var worker = temporal.newWorker(QUEUE);
      worker.registerWorkflowImplementationTypes(Repeating.class);
      worker.registerActivitiesImplementations(step, new Writing(here.resolve("exports"), gone));
      temporal.start();
      var options = WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build();
      seen = temporal.getWorkflowClient().newWorkflowStub(Repeats.class, options).run(job);
    }

    assertThat(seen.first().read()).isEqualTo(30);
    assertThat(seen.again().reused()).isTrue();
    assertThat(seen.again().hash()).isEqualTo(seen.first().hash());
    assertThat(seen.gone())
        .contains("the data file " + gone + " is gone; put it back, or correct data.train");
    Dataset next = activities.prepare(job);
    assertThat(next.read()).as("another execution lists the folder anew").isEqualTo(16);
  }

  private record Writing(Path exports, Path gone) implements Somebody {
    @Override
    public void adds() {
      rows(exports.resolve("later.jsonl"), 1);
    }

    @Override
    public void takesAway() {
      try {
        Files.delete(gone);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void what_a_folder_left_out_is_told_and_rows_are_called_by_their_paths_in_it() throws Exception {
    Path here = folder.resolve("told");
    rows(here.resolve("exports/a/rows.jsonl"), 15);
    rows(here.resolve("exports/b/rows.jsonl"), 15);
    Files.writeString(here.resolve("exports/notes.txt"), "none");

    Dataset dataset = activities.prepare(job(here, SPEC, "told"));

    Path tree = folder.resolve("told-tree");
    Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
    JsonNode report = Wire.mapper().readTree(tree.resolve("report.json").toFile());
    assertThat(report.at("/folders/0/files").asInt()).isEqualTo(2);
    assertThat(Files.readString(tree.resolve("report.html")))
        .contains("exports: 2 files of rows; 1 left out: notes.txt");
    assertThat(Files.readString(tree.resolve("train.jsonl"))).contains("\"id\":\"b/rows.jsonl:");
  }

  @Test
  void a_folder_that_leads_out_of_itself_ends_the_run_at_once() throws Exception {
    Path here = folder.resolve("leaving");
    rows(here.resolve("exports/rows.jsonl"), 15);
    PrepareJob job = job(here, SPEC, "");
    rows(here.resolve("others.jsonl"), 15);
    Files.createSymbolicLink(here.resolve("exports/more.jsonl"), here.resolve("others.jsonl"));

    assertThatThrownBy(() -> activities.prepare(job))
        .isInstanceOf(ActivityFailure.class)
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.isNonRetryable()).isTrue();
              assertThat(failure.getOriginalMessage()).contains("is a link that leaves the folder");
            });
  }

  private static void rows(Path file, int count) {
    var rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String place = file.getParent().getFileName() + " " + file.getFileName();
      rows.append(row("question %d of many in %s".formatted(i, place), "answer " + i));
    }
    try {
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
