package io.fettle.workflows.run;

import io.fettle.workflows.artifact.Artifact;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.training.Checkpoint;
import java.util.Locale;

/** A phase's result in a few words. */
final class PhaseNotes {
  private static final int SHORT = 12;

  private PhaseNotes() {}

  static String plan(Plan plan) {
    return "%.1f of %.1f GiB, %s, %s"
        .formatted(
            gib(plan.memoryBytes()),
            gib(plan.memoryAvailableBytes()),
            plan.shape(),
            plan.dollars() < 0 ? "price not known" : "$%.2f".formatted(plan.dollars()));
  }

  static String dataset(Dataset data) {
    return "%s%d train, %d dev, %d test of %d rows, dataset %s"
        .formatted(
            reused(data.reused()),
            data.train(),
            data.dev(),
            data.test(),
            data.read(),
            shortHash(data.hash()));
  }

  static String advice(Baselines found) {
    return "%s: %s".formatted(found.advice(), found.why());
  }

  static String checkpoint(Checkpoint checkpoint, boolean reused) {
    return "%scheckpoint of step %d%s"
        .formatted(
            reused(reused),
            checkpoint.step(),
            checkpoint
                .devLoss()
                .map(loss -> String.format(Locale.ROOT, ", dev loss %.3f", loss))
                .orElse(""));
  }

  static String artifact(Artifact artifact) {
    return "%s%s, %.1f MB"
        .formatted(reused(artifact.reused()), artifact.kind(), artifact.bytes() / 1e6);
  }

  private static String shortHash(String hash) {
    return hash.substring(0, Math.min(SHORT, hash.length()));
  }

  private static String reused(boolean reused) {
    return reused ? "reused: " : "";
  }

  private static double gib(long bytes) {
    return bytes / (double) (1L << 30);
  }
}
