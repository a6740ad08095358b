package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.run.FineTuneWorkflow;
import io.fettle.workflows.wire.SearchAttributes;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowStub;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The runs that the server knows, found as users name them. */
final class Runs {
  private static final String QUERY = "WorkflowType = 'FineTuneWorkflow'";

  private final WorkflowClient client;

  Runs(WorkflowClient client) {
    this.client = client;
  }

  /** One run's newest execution. */
  record Found(
      String id,
      String execution,
      String status,
      java.time.Instant started,
      WorkflowExecutionMetadata metadata) {
    boolean isOpen() {
      return status.equals("RUNNING");
    }
  }

  /** Newest first, one entry a run. */
  List<Found> all() {
    var newest = new java.util.LinkedHashMap<String, Found>();
    client
        .listExecutions(QUERY)
        .sorted(Comparator.comparing(WorkflowExecutionMetadata::getStartTime).reversed())
        .forEach(
            execution ->
                newest.putIfAbsent(execution.getExecution().getWorkflowId(), found(execution)));
    return List.copyOf(newest.values());
  }

  private static Found found(WorkflowExecutionMetadata execution) {
    WorkflowExecutionInfo info = execution.getWorkflowExecutionInfo();
    String status = info.getStatus().name().replace("WORKFLOW_EXECUTION_STATUS_", "");
    return new Found(
        info.getExecution().getWorkflowId(),
        info.getExecution().getRunId(),
        status,
        execution.getStartTime(),
        execution);
  }

  /**
   * The run that a user means: its id, a unique prefix of it, its name (newest), or nothing (newest
   * run).
   *
   * @throws CommandFailure where none or several fit
   */
  Found named(@Nullable String given) {
    List<Found> runs = all();
    if (runs.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "there is no run yet; start one with `fettle run SPEC` or `fettle demo`");
    }
    if (given == null) {
      return runs.getFirst();
    }
    Optional<Found> exact =
        runs.stream().filter(run -> run.id().equals(given) || given.equals(name(run))).findFirst();
    List<Found> prefixed = runs.stream().filter(run -> run.id().startsWith(given)).toList();
    if (exact.isEmpty() && prefixed.size() != 1) {
      throw new CommandFailure(
          ExitCode.INVALID,
          prefixed.isEmpty()
              ? "no run is called %s; `fettle list` shows them".formatted(given)
              : "%s fits %s; give more of the id"
                  .formatted(given, prefixed.stream().map(Found::id).toList()));
    }
    return exact.orElseGet(prefixed::getFirst);
  }

  private static @Nullable String name(Found run) {
    return run.metadata().getTypedSearchAttributes().get(SearchAttributes.NAME);
  }

  FineTuneWorkflow workflow(Found run) {
    return client.newWorkflowStub(FineTuneWorkflow.class, run.id());
  }

  WorkflowStub stub(Found run) {
    return client.newUntypedWorkflowStub(run.id());
  }
}
