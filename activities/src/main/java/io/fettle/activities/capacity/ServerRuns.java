package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Runs;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.errordetails.v1.NamespaceNotFoundFailure;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.StatusUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the Temporal server, each time anew; one that did not answer is left alone for a while, so
 * that many runs are not asked about one silence after another.
 */
final class ServerRuns implements Runs {
  private static final Logger log = LoggerFactory.getLogger(ServerRuns.class);
  private static final int SECONDS = 5;

  /** Less than between two sweeps. */
  private static final Duration QUIET = Duration.ofSeconds(15);

  /** One execution of which a server says nothing hides no other. */
  private static final int IN_A_ROW = 3;

  private final WorkflowClient client;
  private final LongSupplier nanos;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicReference<@Nullable Long> silentSince = new AtomicReference<>();

  ServerRuns(WorkflowClient client) {
    this(client, System::nanoTime);
  }

  ServerRuns(WorkflowClient client, LongSupplier nanos) {
    this.client = client;
    this.nanos = nanos;
  }

  @Override
  public String namespace() {
    return client.getOptions().getNamespace();
  }

  @Override
  public State state(Execution execution) {
    var silent = silentSince.get();
    if (silent != null && nanos.getAsLong() - silent < QUIET.toNanos()) {
      return State.UNREACHABLE;
    }
    try {
      var asked = describe(execution.run(), execution.workflowRun());
      unanswered.set(0);
      if (asked.getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW) {
        return state(asked.getStatus());
      }
      var newest = describe(execution.run(), "");
      return newest.getFirstRunId().equals(asked.getFirstRunId())
          ? state(newest.getStatus())
          : State.OVER; // its last execution ended, and another run has the id
    } catch (StatusRuntimeException e) {
      log.debug("the server does not say whether {} runs", execution.run(), e);
      if (isUnknown(e)) {
        return State.NOT_FOUND;
      }
      if (e.getStatus().getCode() == Status.Code.UNAVAILABLE
          || unanswered.incrementAndGet() >= IN_A_ROW) {
        silent();
      }
      return State.UNREACHABLE;
    }
  }

  /** Notes that it did not answer just now. */
  void silent() {
    silentSince.set(nanos.getAsLong());
  }

  private static State state(WorkflowExecutionStatus status) {
    return switch (status) {
      case WORKFLOW_EXECUTION_STATUS_COMPLETED,
          WORKFLOW_EXECUTION_STATUS_FAILED,
          WORKFLOW_EXECUTION_STATUS_CANCELED,
          WORKFLOW_EXECUTION_STATUS_TERMINATED,
          WORKFLOW_EXECUTION_STATUS_TIMED_OUT ->
          State.OVER;
      default -> State.OPEN; // paused, and whatever a later server may know
    };
  }

  /** A namespace that is missing has the same code, and says nothing about the run. */
  private static boolean isUnknown(StatusRuntimeException e) {
    return e.getStatus().getCode() == Status.Code.NOT_FOUND
        && !StatusUtils.hasFailure(e, NamespaceNotFoundFailure.class);
  }

  private WorkflowExecutionInfo describe(String run, String workflowRun) {
    var execution = WorkflowExecution.newBuilder().setWorkflowId(run).setRunId(workflowRun).build();
    var request =
        DescribeWorkflowExecutionRequest.newBuilder()
            .setNamespace(namespace())
            .setExecution(execution)
            .build();
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
        .describeWorkflowExecution(request)
        .getWorkflowExecutionInfo();
  }
}
