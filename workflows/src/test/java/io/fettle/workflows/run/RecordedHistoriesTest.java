package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Histories of every released workflow replay against today's code; they stay for ever. */
class RecordedHistoriesTest {
  private static final Path HISTORIES = Path.of("src/test/resources/histories");

  @TestFactory
  Stream<DynamicTest> a_recorded_history_replays() throws IOException {
    return histories().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    HISTORIES.relativize(file).toString(), () -> replays(file)));
  }

  private static void replays(Path file) throws Exception {
    RunFixture.replay(WorkflowExecutionHistory.fromJson(Files.readString(file)));
  }

  @Test
  void every_workflow_has_a_history_of_this_release() throws IOException {
    assertThat(histories())
        .extracting(file -> file.getParent().getFileName().toString())
        .contains("FineTuneWorkflow", "TrainWorkflow", "DeployWorkflow");
  }

  private static List<Path> histories() throws IOException {
    try (Stream<Path> files = Files.walk(HISTORIES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
