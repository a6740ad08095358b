package io.fettle.workflows.run;

import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.training.Remedy;
import io.fettle.workflows.wire.Copies;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run that trains takes with it into its next execution, between two leases.
 *
 * @param execution the first execution, in whose folder plan and schedule stand and record and
 *     report will
 * @param salt of the input hashes, which must not change on the way
 * @param documents made so far
 * @param status phases, leases, orders and counts; the oldest leases folded
 * @param leases opened so far
 * @param crashes the user's retries, spent and remembered
 * @param remedy what out-of-memory has taught
 * @param amended what operators have changed
 */
public record Continued(
    String execution,
    String salt,
    Plan plan,
    BaseModel baseModel,
    Dataset dataset,
    Baselines baselines,
    Schedule schedule,
    List<Document> documents,
    RunStatus status,
    int leases,
    Crashes crashes,
    Remedy remedy,
    Changes amended) {
  public Continued {
    documents = Copies.list(documents);
  }

  /** The budget's memory, as {@code CrashBudget} keeps it. */
  public record Crashes(int spent, int lastCrashStep, int bestStep, int barren) {}

  /** What stands amended. */
  public record Changes(
      Optional<String> pool,
      Optional<String> shape,
      Optional<Duration> checkpointInterval,
      Optional<Amend> gateSkipped,
      Optional<Duration> deadline,
      Optional<Double> dollars) {
    public Changes {
      deadline = Objects.requireNonNullElse(deadline, Optional.empty());
      dollars = Objects.requireNonNullElse(dollars, Optional.empty());
    }
  }
}
