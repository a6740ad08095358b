package io.fettle.workflows.run;

import io.fettle.workflows.artifact.ArtifactActivities;
import io.fettle.workflows.artifact.ArtifactLookupActivities;
import io.fettle.workflows.artifact.ModelActivities;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.ClaimActivities;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.evaluation.AnswerActivities;
import io.fettle.workflows.evaluation.AnswerLookupActivities;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.lineage.RecordActivities;
import io.fettle.workflows.plan.PlanActivities;
import io.fettle.workflows.serving.AliasActivities;
import io.fettle.workflows.serving.DeployActivities;
import io.fettle.workflows.serving.EngineActivities;
import io.fettle.workflows.training.HostControlActivities;
import io.fettle.workflows.training.LedgerActivities;
import io.fettle.workflows.training.StagingActivities;
import io.fettle.workflows.training.TrainerActivities;
import io.fettle.workflows.wire.TaskQueues;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * Every stub of a run, with its options and their reasons. A summary is what an operator reads
 * beside the activity.
 */
final class Steps {
  /**
   * Patience for a host of a pool: a local agent is up in seconds, and the workflow asks again
   * after that.
   */
  static final Duration CLAIM_PATIENCE = Duration.ofMinutes(2);

  /** At any pace: a sign of life has a way to go. */
  private static final Duration SHORTEST_SILENCE = Duration.ofMillis(300);

  /** A server counts in them. */
  private static final Duration TICK = Duration.ofMillis(1);

  private static final int SUMMARY_BYTES = 200;

  /**
   * Store and server calls: short, repeated for as long as either is away, so that an outage loses
   * nothing.
   */
  private static final ActivityOptions SHORT =
      ActivityOptions.newBuilder()
          .setTaskQueue(TaskQueues.CONTROL)
          .setStartToCloseTimeout(Duration.ofMinutes(1))
          .setRetryOptions(retry(0, Duration.ofMinutes(1)))
          .build();

  /**
   * A launch: repeated without end too, since an answer that was lost may hide a host. A cloud in
   * trouble is asked at most six times in any minute.
   */
  private static final ActivityOptions LAUNCH =
      ActivityOptions.newBuilder(SHORT)
          .setRetryOptions(
              RetryOptions.newBuilder(SHORT.getRetryOptions())
                  .setInitialInterval(Duration.ofSeconds(5))
                  .build())
          .build();

  /** A launch that is cancelled is still a launch: only its end says whether there is a host. */
  private static final ActivityOptions LAUNCH_TO_ITS_END =
      ActivityOptions.newBuilder(LAUNCH)
          .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
          .build();

  /**
   * Work without a GPU: may take hours on large data, heartbeats all the while, three tries for
   * what a retry may mend.
   */
  private static final ActivityOptions COMPUTE =
      ActivityOptions.newBuilder()
          .setTaskQueue(TaskQueues.CPU)
          .setStartToCloseTimeout(Duration.ofHours(12))
          .setHeartbeatTimeout(Duration.ofSeconds(45))
          .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
          .setRetryOptions(retry(3, Duration.ofSeconds(30)))
          .build();

  /**
   * Work on a claimed host: one attempt, since only the workflow may pick another host after a
   * failure.
   */
  private static final ActivityOptions ON_HOST =
      ActivityOptions.newBuilder()
          .setScheduleToStartTimeout(Duration.ofMinutes(1))
          .setStartToCloseTimeout(Duration.ofHours(12))
          .setHeartbeatTimeout(Duration.ofSeconds(45))
          .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
          .setRetryOptions(retry(1, Duration.ofSeconds(1)))
          .build();

  /**
   * Train: as long as it takes. The heartbeat is short because its timeout only leads to a probe; a
   * cancel waits for the trainer's last checkpoint, so that the workflow does not close while a GPU
   * burns.
   */
  private static final ActivityOptions TRAIN =
      ActivityOptions.newBuilder(ON_HOST)
          .setStartToCloseTimeout(Duration.ofDays(90))
          .setHeartbeatTimeout(Duration.ofSeconds(20))
          .build();

  /** Probe and stop: an agent that lives answers at once, so silence shows within seconds. */
  private static final ActivityOptions CONTROL =
      ActivityOptions.newBuilder()
          .setScheduleToStartTimeout(Duration.ofSeconds(10))
          .setStartToCloseTimeout(Duration.ofSeconds(40))
          .setRetryOptions(retry(1, Duration.ofSeconds(1)))
          .build();

  /**
   * A claim: schedule-to-start is the patience for capacity; a busy host is asked no second time.
   */
  private static final ActivityOptions CLAIM =
      ActivityOptions.newBuilder()
          .setScheduleToStartTimeout(CLAIM_PATIENCE)
          .setStartToCloseTimeout(Duration.ofSeconds(20))
          .setRetryOptions(retry(1, Duration.ofSeconds(1)))
          .build();

  /**
   * Opening a lease reads the newest checkpoint whole, which may be many gigabytes; repeated for as
   * long as the store is away.
   */
  private static final ActivityOptions OPEN =
      ActivityOptions.newBuilder(SHORT)
          .setStartToCloseTimeout(Duration.ofHours(6))
          .setHeartbeatTimeout(Duration.ofSeconds(45))
          .build();

  /** The lease watch: no longer than a lease can be, begun again by every retry. */
  private static final ActivityOptions WATCH =
      ActivityOptions.newBuilder(SHORT)
          .setStartToCloseTimeout(Duration.ofDays(1))
          .setHeartbeatTimeout(Duration.ofSeconds(45))
          .build();

  /**
   * A deploy waits for its turn, an engine's start and a drain. A cancel waits until the request is
   * taken back, so that no cancelled run is promoted.
   */
  private static final ActivityOptions DEPLOY =
      ActivityOptions.newBuilder(SHORT)
          .setStartToCloseTimeout(Duration.ofHours(1))
          .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
          .setHeartbeatTimeout(Duration.ofSeconds(45))
          .setRetryOptions(retry(3, Duration.ofSeconds(10)))
          .build();

  private final Pace pace;

  Steps(Pace pace) {
    this.pace = pace;
  }

  Pace pace() {
    return pace;
  }

  ModelActivities model(String summary) {
    return stub(ModelActivities.class, COMPUTE, summary);
  }

  PlanActivities plan(String summary) {
    return stub(PlanActivities.class, COMPUTE, summary);
  }

  DataActivities data(String summary) {
    return stub(DataActivities.class, COMPUTE, summary);
  }

  EvaluationActivities evaluation(String summary) {
    return stub(EvaluationActivities.class, COMPUTE, summary);
  }

  RecordActivities lineage(String summary) {
    return stub(RecordActivities.class, COMPUTE, summary);
  }

  ArtifactActivities merge(String summary) {
    return stub(ArtifactActivities.class, COMPUTE, summary);
  }

  ArtifactActivities quantize(Host host, String summary) {
    return stub(ArtifactActivities.class, on(ON_HOST, host.queue()), summary);
  }

  AnswerActivities answers(Host host, String summary) {
    return stub(AnswerActivities.class, on(ON_HOST, host.queue()), summary);
  }

  /** For arms that need no engine of ours. */
  AnswerActivities answersAside(String summary) {
    return stub(AnswerActivities.class, COMPUTE, summary);
  }

  EngineActivities engines(Host host, String summary) {
    return stub(EngineActivities.class, on(CONTROL, host.controlQueue()), summary);
  }

  AnswerLookupActivities answerLookup(String summary) {
    return stub(AnswerLookupActivities.class, SHORT, summary);
  }

  ArtifactLookupActivities artifactLookup(String summary) {
    return stub(ArtifactLookupActivities.class, SHORT, summary);
  }

  CapacityActivities capacity(String summary) {
    return stub(CapacityActivities.class, SHORT, summary);
  }

  CapacityActivities launch(String summary) {
    return stub(CapacityActivities.class, LAUNCH, summary);
  }

  CapacityActivities launchToItsEnd(String summary) {
    return stub(CapacityActivities.class, LAUNCH_TO_ITS_END, summary);
  }

  /** An elastic host has to start first, so its pool says how long that may take. */
  ClaimActivities claim(Acquisition acquisition, String summary) {
    ActivityOptions patient =
        acquisition.patience().isZero()
            ? CLAIM
            : ActivityOptions.newBuilder(CLAIM)
                .setScheduleToStartTimeout(acquisition.patience())
                .build();
    return stub(ClaimActivities.class, on(patient, acquisition.claimQueue()), summary);
  }

  StagingActivities staging(Host host, String summary) {
    return stub(StagingActivities.class, on(ON_HOST, host.queue()), summary);
  }

  LedgerActivities ledger(String summary) {
    return stub(LedgerActivities.class, SHORT, summary);
  }

  LedgerActivities leases(String summary) {
    return stub(LedgerActivities.class, OPEN, summary);
  }

  LedgerActivities leaseWatch(String summary) {
    return stub(LedgerActivities.class, WATCH, summary);
  }

  TrainerActivities trainer(Host host, String summary) {
    return stub(TrainerActivities.class, on(TRAIN, host.queue()), summary);
  }

  HostControlActivities control(Host host, String summary) {
    return stub(HostControlActivities.class, on(CONTROL, host.controlQueue()), summary);
  }

  AliasActivities alias(String summary) {
    return stub(AliasActivities.class, SHORT, summary);
  }

  DeployActivities deploy(String summary) {
    return stub(DeployActivities.class, DEPLOY, summary);
  }

  private <T> T stub(Class<T> type, ActivityOptions options, String summary) {
    String shown =
        summary.length() <= SUMMARY_BYTES ? summary : summary.substring(0, SUMMARY_BYTES);
    var builder = ActivityOptions.newBuilder(options).setSummary(shown);
    if (options.getHeartbeatTimeout() != null) {
      Duration paced = pace.of(options.getHeartbeatTimeout());
      builder.setHeartbeatTimeout(paced.compareTo(SHORTEST_SILENCE) < 0 ? SHORTEST_SILENCE : paced);
    }
    RetryOptions shipped = options.getRetryOptions();
    return Workflow.newActivityStub(
        type,
        builder
            .setRetryOptions(
                RetryOptions.newBuilder(shipped)
                    .setInitialInterval(atLeast(TICK, pace.of(shipped.getInitialInterval())))
                    .setMaximumInterval(pace.of(shipped.getMaximumInterval()))
                    .build())
            .build());
  }

  private static Duration atLeast(Duration least, Duration time) {
    return time.compareTo(least) < 0 ? least : time;
  }

  private static ActivityOptions on(ActivityOptions options, String queue) {
    return ActivityOptions.newBuilder(options).setTaskQueue(queue).build();
  }

  /** {@code attempts} 0 means without end. */
  private static RetryOptions retry(int attempts, Duration maximumInterval) {
    return RetryOptions.newBuilder()
        .setInitialInterval(Duration.ofMillis(500))
        .setMaximumInterval(maximumInterval)
        .setMaximumAttempts(attempts)
        .build();
  }
}
