package io.fettle.workflows.run;

import io.fettle.workflows.capacity.CpuShape;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.spec.SpecPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What operators have changed in a live run. An amendment that nothing would honour is refused,
 * with every reason at once.
 */
final class Amendments {
  private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

  private final Journal journal;
  private Optional<Plan> plan = Optional.empty();
  private Optional<String> pool;
  private Optional<String> shape;
  private Optional<Duration> checkpointInterval;
  private Optional<Amend> gateSkipped;
  private boolean gateDecided;

  Amendments(Journal journal, Optional<Continued.Changes> standing) {
    this.journal = journal;
    pool = standing.flatMap(Continued.Changes::pool);
    shape = standing.flatMap(Continued.Changes::shape);
    checkpointInterval = standing.flatMap(Continued.Changes::checkpointInterval);
    gateSkipped = standing.flatMap(Continued.Changes::gateSkipped);
  }

  Continued.Changes standing() {
    return new Continued.Changes(pool, shape, checkpointInterval, gateSkipped);
  }

  void planned(Plan resolved) {
    plan = Optional.of(resolved);
  }

  void mayAmend(Amend change) {
    List<String> problems = new ArrayList<>();
    if (change.by().isBlank() || change.reason().isBlank()) {
      problems.add("an amendment needs who and why; give --reason");
    }
    if (change.pool().isEmpty()
        && change.shape().isEmpty()
        && change.deadline().isEmpty()
        && change.checkpointInterval().isEmpty()
        && !change.skipGate()) {
      problems.add(
          "nothing is to be amended; give --pool, --shape, --checkpoint-interval or --skip-gate, or --help");
    }
    plan.ifPresentOrElse(
        known -> judge(change, known, problems),
        () -> problems.add("the run is still being planned; amend it once its plan stands"));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private void judge(Amend change, Plan known, List<String> problems) {
    change.pool().ifPresent(wanted -> judgePool(wanted, known, problems));
    change.shape().ifPresent(wanted -> judgeShape(wanted, known, problems));
    change
        .deadline()
        .ifPresent(
            _ ->
                problems.add(
                    "no part of this release works towards a deadline, so none can be amended"));
    change.checkpointInterval().ifPresent(wanted -> judgeInterval(wanted, problems));
    if (change.skipGate()) {
      judgeGate(known, problems);
    }
  }

  private void judgePool(String wanted, Plan known, List<String> problems) {
    if (!known.pools().contains(wanted) && !SpecPolicy.current().pools().contains(wanted)) {
      problems.add(
          "pool %s is unknown; known: %s"
              .formatted(wanted, String.join(", ", SpecPolicy.current().pools())));
    } else if (pools(known).equals(List.of(wanted))) {
      problems.add("the run asks pool %s, and no other, already".formatted(wanted));
    }
  }

  /**
   * Memory, batch and engine were planned for one kind of machine, so another one must be of that
   * kind. No catalogue names GPUs yet.
   */
  private void judgeShape(String wanted, Plan known, List<String> problems) {
    if (wanted.equals(shape(known))) {
      problems.add("the run asks for shape %s already".formatted(wanted));
    } else if (!CpuShape.is(known.shape())) {
      problems.add(
          "the plan stands on shape %s, and its pools offer no other".formatted(known.shape()));
    } else if (!CpuShape.is(wanted)) {
      problems.add(
          "shape %s is unknown; known: cpu (the whole machine), cpu-1 and so on (that many of its cores)"
              .formatted(wanted));
    }
  }

  private void judgeInterval(Duration wanted, List<String> problems) {
    if (wanted.compareTo(Duration.ofSeconds(1)) < 0 || wanted.compareTo(LONGEST_INTERVAL) > 0) {
      problems.add("a checkpoint interval of %s is not between 1s and 24h".formatted(wanted));
    } else if (checkpointInterval.equals(Optional.of(wanted))) {
      problems.add("the checkpoint interval is %s already".formatted(wanted));
    } else if (journal.isPast("train")) {
      problems.add("the train is done, so no checkpoint will be written");
    }
  }

  private void judgeGate(Plan known, List<String> problems) {
    if (!known.gate()) {
      problems.add("the spec requires no gate, so there is none to skip");
    } else if (gateDecided) {
      problems.add("the gate has decided already");
    } else if (gateSkipped.isPresent()) {
      problems.add("the gate is to be skipped already, by " + gateSkipped.get().by());
    }
  }

  Amended amend(Amend change) {
    List<AuditEntry> entries = new ArrayList<>();
    change
        .pool()
        .ifPresent(
            wanted -> {
              String before = String.join(", ", pools(plan.orElseThrow()));
              pool = change.pool();
              entries.add(
                  journal.audit("amend pool", change.by(), change.reason(), before, wanted));
            });
    change
        .shape()
        .ifPresent(
            wanted -> {
              String before = shape(plan.orElseThrow());
              shape = change.shape();
              entries.add(
                  journal.audit("amend shape", change.by(), change.reason(), before, wanted));
            });
    change
        .checkpointInterval()
        .ifPresent(
            wanted -> {
              String before = checkpointInterval.map(Duration::toString).orElse("as planned");
              checkpointInterval = change.checkpointInterval();
              entries.add(
                  journal.audit(
                      "amend checkpoint interval",
                      change.by(),
                      change.reason(),
                      before,
                      wanted.toString()));
            });
    if (change.skipGate()) {
      gateSkipped = Optional.of(change);
      entries.add(journal.audit("amend gate", change.by(), change.reason(), "required", "skipped"));
    }
    return new Amended(entries);
  }

  /** The pools to ask, in order. */
  List<String> pools(Plan planned) {
    return pool.map(List::of).orElseGet(planned::pools);
  }

  /** The machine type to ask for. */
  String shape(Plan planned) {
    return shape.orElseGet(planned::shape);
  }

  Optional<Duration> checkpointInterval() {
    return checkpointInterval;
  }

  /** Who skips the gate, from whose decision on nobody can any more. */
  Optional<Amend> skipsGate() {
    gateDecided = true;
    return gateSkipped;
  }

  /** The report's numbers, and who went on in spite of them. */
  String why(EvaluationReport report) {
    return report.passes()
        ? report.why()
        : skipsGate()
            .map(
                skip ->
                    "%s; the gate was skipped by %s: %s"
                        .formatted(report.why(), skip.by(), skip.reason()))
            .orElseGet(report::why);
  }
}
