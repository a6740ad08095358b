package io.fettle.activities.capacity.ray;

import io.fettle.workflows.capacity.HostState;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What KubeRay says of a RayJob, in its two words: of the job, and of what it does to run it.
 * "Running" is never a sign that the agent lives: an operator whose job's head was lost goes on
 * saying it (KubeRay's issues 1489, 2161 and 3860).
 *
 * @param detail the operator's reason, in its words; may be empty
 */
record RayJobState(HostState state, String detail) {
  private static final int MOST_CHARACTERS = 300;

  /**
   * @param status of the resource; empty: the operator has not looked yet
   * @param isBeingDeleted it is of no use any more, but its pods may run on: until the operator has
   *     stopped them, or for as long as the operator is away
   */
  static RayJobState of(Map<String, Object> status, boolean isBeingDeleted) {
    var job = text(status, "jobStatus");
    var deployment = text(status, "jobDeploymentStatus");
    var state = isBeingDeleted ? HostState.UNKNOWN : state(job, deployment);
    var words =
        Stream.of(
                isBeingDeleted ? "being deleted" : "",
                deployment,
                job,
                text(status, "reason"),
                text(status, "message"))
            .filter(word -> !word.isBlank())
            .toList();
    return new RayJobState(state, shortened(String.join(", ", words)));
  }

  private static HostState state(String job, String deployment) {
    return switch (deployment) {
      case "", "New", "Initializing", "Waiting", "Retrying", "Suspending", "Suspended" ->
          HostState.PENDING;
      case "Running" ->
          switch (job) {
            case "", "PENDING" -> HostState.PENDING;
            case "RUNNING" -> HostState.RUNNING;
            case "STOPPED", "SUCCEEDED", "FAILED" -> HostState.TERMINATED;
            default -> HostState.UNKNOWN;
          };
      case "Complete", "Failed", "ValidationFailed" -> HostState.TERMINATED;
      default -> HostState.UNKNOWN;
    };
  }

  private static String text(Map<String, Object> status, String name) {
    return status.get(name) instanceof String text ? text : "";
  }

  static String shortened(String text) {
    return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
  }
}
