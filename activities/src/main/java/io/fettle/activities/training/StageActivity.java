package io.fettle.activities.training;

import io.fettle.activities.steps.Beat;
import io.fettle.workflows.training.StageJob;
import io.fettle.workflows.training.Staged;
import io.fettle.workflows.training.StagingActivities;
import io.fettle.workflows.wire.FailureType;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings the inputs to this host. Beats while it works: one file may take longer than a heartbeat.
 */
final class StageActivity implements StagingActivities {
  private static final int MEGABYTE = 1_000_000;

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
    var staged = new AtomicLong();
    try {
      long total = inputs.bytes(job.trees()) / MEGABYTE;
      for (var reference : job.trees()) {
        var tree =
            inputs.stage(
                reference,
                bytes -> beat.says("stage", staged.addAndGet(bytes) / MEGABYTE, total, "MB"));
        fetched += tree.bytesFetched();
        reused += tree.bytesReused();
      }
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("staging was interrupted");
      }
      throw FailureType.STEP_FAILED.failure("staging failed: " + e);
    }
    return new Staged(fetched, reused);
  }
}
