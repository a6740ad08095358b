package io.fettle.workers.control;

import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.wire.Wire;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays every open run against this build before it may touch one. A build that would answer an
 * event of theirs differently does not start; whoever supervises it goes on with the build before.
 */
final class OpenHistories {
  private static final Logger LOG = LoggerFactory.getLogger(OpenHistories.class);

  private final WorkflowClient client;
  private final Class<?>[] types;
  private final @Nullable Path readyFile;

  OpenHistories(WorkflowClient client, Class<?>[] types, @Nullable Path readyFile) {
    this.client = client;
    this.types = types.clone();
    this.readyFile = readyFile;
  }

  /** A run that this build cannot go on with. */
  record Mismatch(String run, String reason) {}

  /** What stands in {@code {ready file}.refused}. */
  record Refusal(long pid, List<Mismatch> runs) {}

  /** This build must not poll. */
  static final class IncompatibleBuild extends RuntimeException {
    private static final long serialVersionUID = 1;

    IncompatibleBuild(List<Mismatch> runs) {
      super(
          "this build cannot go on with %s; finish or cancel them on the build before"
              .formatted(runs));
    }
  }

  /**
   * @throws IncompatibleBuild naming the runs, after leaving a note for the supervisor
   */
  void check() {
    var mismatches = mismatches();
    if (mismatches.isEmpty()) {
      return;
    }
    note(new Refusal(ProcessHandle.current().pid(), mismatches));
    throw new IncompatibleBuild(mismatches);
  }

  private List<Mismatch> mismatches() {
    var factory = WorkerFactory.newInstance(client);
    var worker = Pollers.replayer(factory, types);
    var mismatches = new ArrayList<Mismatch>();
    try (var open = client.listExecutions(query())) {
      open.forEach(run -> replay(worker, run, mismatches));
    }
    factory.shutdownNow();
    return mismatches;
  }

  private String query() {
    Set<String> names =
        Arrays.stream(types)
            .flatMap(type -> Arrays.stream(type.getInterfaces()))
            .filter(type -> type.isAnnotationPresent(WorkflowInterface.class))
            .map(Worker::getWorkflowType)
            .map(name -> "'" + name + "'")
            .collect(Collectors.toSet());
    return "ExecutionStatus = 'Running' AND WorkflowType IN (%s)"
        .formatted(String.join(", ", names));
  }

  private void replay(Worker worker, WorkflowExecutionMetadata run, List<Mismatch> mismatches) {
    var execution = run.getExecution();
    var history = client.fetchHistory(execution.getWorkflowId(), execution.getRunId());
    try {
      worker.replayWorkflowExecution(history);
    } catch (Exception e) { // the replayer declares no narrower type
      LOG.error("{} does not replay", execution.getWorkflowId(), e);
      mismatches.add(new Mismatch(execution.getWorkflowId(), firstLine(e)));
    }
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
  }

  private void note(Refusal refusal) {
    if (readyFile == null) {
      return;
    }
    var file = Path.of(readyFile + ".refused");
    try {
      Files.write(file, Wire.mapper().writeValueAsBytes(refusal));
    } catch (IOException e) {
      LOG.error("cannot write {}", file, e);
    }
  }
}
