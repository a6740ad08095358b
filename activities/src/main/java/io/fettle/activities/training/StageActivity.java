package io.fettle.activities.training;

import io.fettle.activities.steps.Beat;
import io.fettle.workflows.training.StageJob;
import io.fettle.workflows.training.Staged;
import io.fettle.workflows.training.StagingActivities;
import io.fettle.workflows.wire.FailureType;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Brings the inputs to this host. Beats while it works: one file may take longer than a heartbeat.
 */
final class StageActivity implements StagingActivities {
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
    return Beat.during(beat -> stageAll(job, beat));
  }

  private Staged stageAll(StageJob job, Beat beat) throws InterruptedException {
    long fetched = 0;
    long reused = 0;
    try {
      for (var reference : job.trees()) {
        var tree = inputs.stage(reference);
        fetched += tree.bytesFetched();
        reused += tree.bytesReused();
        beat.says("stage", fetched + reused, "bytes");
      }
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("staging was interrupted");
    } catch (IOException e) {
      throw FailureType.STEP_FAILED.failure("staging failed: " + e);
    }
    return new Staged(fetched, reused);
  }
}
