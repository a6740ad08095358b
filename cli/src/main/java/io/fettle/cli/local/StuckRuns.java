package io.fettle.cli.local;

import io.fettle.activities.temporal.TemporalConnection;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowExecutionMetadata;
import java.util.List;
import java.util.Optional;

/** Open runs that stand still because each try of their next workflow task fails. */
final class StuckRuns {
  /** A task fails once or twice where a worker is replaced; more often it is the code. */
  private static final int TRIES = 3;

  private final TemporalConnection connection;

  StuckRuns(TemporalConnection connection) {
    this.connection = connection;
  }

  /** A line a run. */
  List<String> find() {
    try (var open = connection.client().listExecutions("ExecutionStatus = 'Running'")) {
      return open.map(this::line).flatMap(Optional::stream).toList();
    }
  }

  private Optional<String> line(WorkflowExecutionMetadata run) {
    WorkflowExecution execution = run.getExecution();
    var request =
        DescribeWorkflowExecutionRequest.newBuilder()
            .setNamespace(connection.options().namespace())
            .setExecution(execution)
            .build();
    var described =
        connection
            .client()
            .getWorkflowServiceStubs()
            .blockingStub()
            .describeWorkflowExecution(request);
    var attempt = described.getPendingWorkflowTask().getAttempt();
    return attempt < TRIES
        ? Optional.empty()
        : Optional.of(
            "%s stands still: its workflow task has failed %d times; its page in the web UI says why"
                .formatted(execution.getWorkflowId(), attempt - 1));
  }
}
