package io.fettle.activities.training;

import io.fettle.workflows.training.StageJob;
import io.fettle.workflows.training.Staged;
import io.fettle.workflows.training.StagingActivities;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Brings the inputs to this host. Beats while it works: one file may take longer than a heartbeat.
 */
final class StageActivity implements StagingActivities {
  private static final int BEAT_SECONDS = 5;

  private final Inputs inputs;
  private final TrainingHost.Claims claims;

  StageActivity(Inputs inputs, TrainingHost.Claims claims) {
    this.inputs = inputs;
    this.claims = claims;
  }

  @Override
  public Staged stage(StageJob job) {
    if (!claims.isHeldBy(job.token())) {
      throw FailureType.HOST_BUSY.failure(
          "this host is not claimed by run %s".formatted(job.run()));
    }
    return beating(() -> stageAll(job));
  }

  private Staged stageAll(StageJob job) throws IOException {
    long fetched = 0;
    long reused = 0;
    for (var reference : job.trees()) {
      var tree = inputs.stage(reference);
      fetched += tree.bytesFetched();
      reused += tree.bytesReused();
    }
    return new Staged(fetched, reused);
  }

  private static <T> T beating(Callable<T> work) {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var future = executor.submit(work);
      while (true) {
        try {
          Activity.getExecutionContext().heartbeat(null);
          return future.get(BEAT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stillAtIt) { // beat, and wait on
        } catch (ActivityCompletionException e) {
          future.cancel(true);
          throw e;
        } catch (InterruptedException e) {
          future.cancel(true);
          Thread.currentThread().interrupt();
          throw FailureType.STEP_FAILED.failure("staging was interrupted");
        } catch (ExecutionException e) {
          throw FailureType.STEP_FAILED.failure("staging failed: " + e.getCause());
        }
      }
    }
  }
}
