package io.fettle.workers.control;

import io.temporal.common.WorkerDeploymentVersion;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The control worker's own settings.
 *
 * @param pollers of each kind and queue; two of them halve the wait for the next task, more only
 *     cost the server
 * @param cpuSlots steps of the cpu queue that run at once
 * @param localHosts agents of this machine that may live at once
 * @param workflowCache runs that stay in memory between their tasks
 * @param replay refuse to start where an open run does not replay on this build
 * @param sweep between two looks at what runs that are over left behind in the pools; a minute at
 *     most keeps the promise of two
 * @param deployment the Temporal Worker Deployment that this worker belongs to: runs then stay on
 *     the build that began them. Null: none, and every build answers every run
 * @param build this build's id within the deployment; given with it and only then
 * @param drain how long running activities may finish when the worker is stopped
 */
@ConfigurationProperties(prefix = "control", ignoreUnknownFields = false)
record ControlSettings(
    @DefaultValue("4") int pollers,
    @DefaultValue("2") int cpuSlots,
    @DefaultValue("2") int localHosts,
    @DefaultValue("200") int workflowCache,
    @DefaultValue("true") boolean replay,
    @DefaultValue("20s") Duration sweep,
    @Nullable String deployment,
    @Nullable String build,
    @DefaultValue("8s") Duration drain) {

  ControlSettings {
    if ((deployment == null) != (build == null)) {
      throw new IllegalArgumentException(
          "control.deployment (%s) and control.build (%s) belong together: set both, or neither"
              .formatted(deployment, build));
    }
  }

  /** Empty: runs are not bound to a build. */
  Optional<WorkerDeploymentVersion> version() {
    return deployment == null || build == null
        ? Optional.empty()
        : Optional.of(new WorkerDeploymentVersion(deployment, build));
  }
}
