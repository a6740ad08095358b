package io.fettle.benchmarks.failures;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A run's events as they happen, each once, over deaths of the server. */
final class HistoryTail implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final WorkflowClient client;
  private final WorkflowExecution execution;
  private final BlockingQueue<HistoryEvent> events = new LinkedBlockingQueue<>();
  private final Thread reader;
  private long seen;

  HistoryTail(WorkflowClient client, String run) {
    this.client = client;
    this.execution = WorkflowExecution.newBuilder().setWorkflowId(run).build();
    reader = Thread.ofVirtual().name("history-tail").start(this::read);
  }

  /** The next one, or null where none comes in that time. */
  @Nullable HistoryEvent next(Duration patience) throws InterruptedException {
    return events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void read() {
    var token = ByteString.EMPTY;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        token = page(token);
      } catch (StatusRuntimeException away) {
        token = ByteString.EMPTY;
        pause();
      }
    }
  }

  private ByteString page(ByteString token) {
    var request =
        GetWorkflowExecutionHistoryRequest.newBuilder()
            .setNamespace(client.getOptions().getNamespace())
            .setExecution(execution)
            .setWaitNewEvent(true)
            .setNextPageToken(token)
            .build();
    var page = client.getWorkflowServiceStubs().blockingStub().getWorkflowExecutionHistory(request);
    for (var event : page.getHistory().getEventsList()) {
      if (event.getEventId() > seen) {
        seen = event.getEventId();
        events.add(event);
      }
    }
    if (page.getNextPageToken().isEmpty()) {
      pause(); // it has ended
    }
    return page.getNextPageToken();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    reader.interrupt();
  }
}
