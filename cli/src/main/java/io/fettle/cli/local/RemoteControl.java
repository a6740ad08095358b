package io.fettle.cli.local;

import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.TaskQueues;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A control plane that runs elsewhere, as in a cluster. One more control worker here would share
 * its work, with this machine's pools and credentials.
 */
final class RemoteControl {
  private static final String NAME = "FETTLE_CONTROL";
  private static final String SHARED = "FETTLE_SHARED";

  private RemoteControl() {}

  /** Whether the environment says that this machine is to start none. */
  static boolean isNamed(Map<String, String> environment) {
    var value = environment.getOrDefault(NAME, "").strip();
    return switch (value) {
      case "", "local" -> false;
      case "remote" -> true;
      default ->
          throw new CommandFailure(
              ExitCode.INVALID,
              "%s is %s; write remote where control workers run elsewhere, or local"
                  .formatted(NAME, value));
    };
  }

  static CommandFailure withoutServer() {
    return new CommandFailure(
        ExitCode.INVALID,
        NAME + " is remote; name the server that its workers use by FETTLE_TEMPORAL_ADDRESS");
  }

  /** What lies in a store of this machine's is nowhere for workers elsewhere. */
  static void checkStore(Map<String, String> environment) {
    if (environment.getOrDefault("FETTLE_STORE", "").isBlank()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          NAME + " is remote; name the store that its workers use by FETTLE_STORE");
    }
  }

  /**
   * Its workers see no path of this machine but those of folders that both have, which {@code
   * FETTLE_SHARED} names; a store in a folder is in one.
   */
  static void checkPlaces(Spec spec, URI store, Map<String, String> environment) {
    if ("file".equals(store.getScheme())) {
      return;
    }
    var shared =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(environment.getOrDefault(SHARED, ""))
            .filter(each -> !each.isBlank())
            .map(each -> Path.of(each.strip()))
            .toList();
    var here = new ArrayList<String>();
    spec.data().train().forEach(place -> add(here, shared, "data.train", place));
    add(here, shared, "data.test", spec.data().test());
    spec.data().benchmarks().forEach(each -> add(here, shared, "data.benchmarks", each.file()));
    add(here, shared, "model.path", spec.model().path());
    if (!here.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s is remote, and its workers see no file of this machine; put each into a bucket (`fettle store cp PATH s3://...`, of a folder too) and name its address, or name the folder that they see under the same path by %s:\n  %s"
              .formatted(NAME, SHARED, String.join("\n  ", here)));
    }
  }

  private static void add(
      List<String> here, List<Path> shared, String key, @Nullable String place) {
    if (place != null
        && !RemoteFile.isRemote(place)
        && shared.stream().noneMatch(Path.of(place)::startsWith)) {
      here.add(key + ": " + place);
    }
  }

  /** The server remembers for five minutes who has asked it for work. */
  static void check(TemporalConnection connection) {
    var namespace = connection.options().namespace();
    var request =
        DescribeTaskQueueRequest.newBuilder()
            .setNamespace(namespace)
            .setTaskQueue(TaskQueue.newBuilder().setName(TaskQueues.CONTROL))
            .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
            .build();
    var described =
        connection.client().getWorkflowServiceStubs().blockingStub().describeTaskQueue(request);
    if (described.getPollersCount() == 0) {
      throw new CommandFailure(
          ExitCode.PREREQUISITE_MISSING,
          "%s is remote, but no control worker asks %s for work in namespace %s; start one there"
              .formatted(NAME, connection.options().address(), namespace));
    }
  }
}
