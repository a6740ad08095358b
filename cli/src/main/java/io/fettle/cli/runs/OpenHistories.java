package io.fettle.cli.runs;

import io.fettle.activities.collection.Collector;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the histories of open workflows name: a run's spec, criteria and the results of its steps
 * until its record is put, a deployment's model.
 */
public final class OpenHistories implements Collector.Roots {
  private static final String OPEN = "ExecutionStatus = 'Running'";

  private final WorkflowClient client;

  public OpenHistories(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public void each(Consumer<byte[]> text) {
    for (var open : executions()) {
      var execution = open.getExecution();
      client
          .fetchHistory(execution.getWorkflowId(), execution.getRunId())
          .getEvents()
          .forEach(event -> text.accept(event.toByteArray()));
    }
  }

  private List<WorkflowExecutionMetadata> executions() {
    return client.listExecutions(OPEN).toList();
  }
}
