package io.fettle.workflows.run;

import io.fettle.workflows.capacity.CpuShape;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
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
  private Optional<Duration> deadline;
  private Optional<Double> dollars;
  private boolean gateDecided;

  Amendments(Journal journal, Optional<Continued.Changes> standing) {
    this.journal = journal;
    pool = standing.flatMap(Continued.Changes::pool);
    shape = standing.flatMap(Continued.Changes::shape);
    checkpointInterval = standing.flatMap(Continued.Changes::checkpointInterval);
    gateSkipped = standing.flatMap(Continued.Changes::gateSkipped);
    deadline = standing.flatMap(Continued.Changes::deadline);
    dollars = standing.flatMap(Continued.Changes::dollars);
  }

  Continued.Changes standing() {
    return new Continued.Changes(pool, shape, checkpointInterval, gateSkipped, deadline, dollars);
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
        && change.dollars().isEmpty()
        && change.checkpointInterval().isEmpty()
        && !change.skipGate()) {
      problems.add(
          "nothing is to be amended; give --pool, --shape, --deadline, --budget, --checkpoint-interval or --skip-gate, or --help");
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
    judgePlace(change, known, problems);
    change.deadline().ifPresent(wanted -> judgeDeadline(wanted, known, problems));
    change.dollars().ifPresent(wanted -> judgeDollars(wanted, known, problems));
    change.checkpointInterval().ifPresent(wanted -> judgeInterval(wanted, problems));
    if (change.skipGate()) {
      judgeGate(known, problems);
    }
  }

  private void judgePool(String wanted, Plan known, List<String> problems) {
    if (new Elsewhere(known).knowsNothing()
        && !known.pools().contains(wanted)
        && !SpecPolicy.current().pools().contains(wanted)) {
      problems.add(
          "pool %s is unknown; known: %s"
              .formatted(wanted, String.join(", ", SpecPolicy.current().pools())));
    } else if (pools(known).equals(List.of(wanted))) {
      problems.add("the run asks pool %s, and no other, already".formatted(wanted));
    }
  }

  /** The plan knows what would do, unless the local pool is the only one. */
  private void judgePlace(Amend change, Plan known, List<String> problems) {
    var elsewhere = new Elsewhere(known);
    if (elsewhere.knowsNothing() || (change.pool().isEmpty() && change.shape().isEmpty())) {
      return;
    }
    var asked = change.pool().map(List::of).orElseGet(() -> pools(known));
    problems.addAll(elsewhere.problems(asked, change.shape().orElseGet(() -> shape(known))));
  }

  private void judgeShape(String wanted, Plan known, List<String> problems) {
    if (wanted.equals(shape(known))) {
      problems.add("the run asks for shape %s already".formatted(wanted));
    } else if (!new Elsewhere(known).knowsNothing()) {
      return;
    } else if (!CpuShape.is(known.shape())) {
      problems.add(
          "the plan stands on shape %s, and its pools offer no other".formatted(known.shape()));
    } else if (!CpuShape.is(wanted)) {
      problems.add(
          "shape %s is unknown; known: cpu (the whole machine), cpu-1 and so on (that many of its cores)"
              .formatted(wanted));
    }
  }

  private void judgeDeadline(Duration wanted, Plan known, List<String> problems) {
    if (isFree(known)) {
      problems.add(
          "the run's hosts are machines of your own, and nothing there works towards a deadline");
    } else if (terms(known).deadline().equals(Optional.of(wanted))) {
      problems.add("the deadline is %s already".formatted(wanted));
    } else if (journal.isPast("train")) {
      problems.add("the train is done, so no deadline of it is left");
    } else if (wanted.compareTo(journal.age()) <= 0) {
      problems.add(
          "a deadline of %s has passed: the run began %s ago, and it counts from there"
              .formatted(wanted, journal.age()));
    }
  }

  private void judgeDollars(double wanted, Plan known, List<String> problems) {
    if (isFree(known)) {
      problems.add("the run's hosts are machines of your own, which cost nothing here");
    } else if (!Double.isFinite(wanted) || wanted <= 0) {
      problems.add("a budget of %s dollars is none; give more than 0".formatted(wanted));
    } else if (terms(known).dollars().equals(Optional.of(wanted))) {
      problems.add("the budget is %s dollars already".formatted(wanted));
    }
  }

  /** Nor would it change that to ask another pool: the plan was made without a market. */
  private static boolean isFree(Plan known) {
    return known.terms().market() == Market.OWNED;
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
    Plan known = plan.orElseThrow();
    List<AuditEntry> entries = new ArrayList<>();
    change
        .pool()
        .ifPresent(
            wanted -> {
              entries.add(entry("pool", change, String.join(", ", pools(known)), wanted));
              pool = change.pool();
            });
    change
        .shape()
        .ifPresent(
            wanted -> {
              entries.add(entry("shape", change, shape(known), wanted));
              shape = change.shape();
            });
    change
        .checkpointInterval()
        .ifPresent(
            wanted -> {
              String before = checkpointInterval.map(Duration::toString).orElse("as planned");
              checkpointInterval = change.checkpointInterval();
              entries.add(entry("checkpoint interval", change, before, wanted.toString()));
            });
    amendTerms(change, known, entries);
    if (change.skipGate()) {
      gateSkipped = Optional.of(change);
      entries.add(entry("gate", change, "required", "skipped"));
    }
    return new Amended(entries);
  }

  private void amendTerms(Amend change, Plan known, List<AuditEntry> entries) {
    change
        .deadline()
        .ifPresent(
            wanted -> {
              String before = terms(known).deadline().map(Duration::toString).orElse("none");
              deadline = change.deadline();
              entries.add(entry("deadline", change, before, wanted.toString()));
            });
    change
        .dollars()
        .ifPresent(
            wanted -> {
              String before = terms(known).dollars().map(String::valueOf).orElse("none");
              dollars = change.dollars();
              entries.add(entry("budget", change, before, wanted.toString()));
            });
  }

  private AuditEntry entry(String what, Amend change, String before, String after) {
    return journal.audit("amend " + what, change.by(), change.reason(), before, after);
  }

  /** The pools to ask, in order. */
  List<String> pools(Plan planned) {
    return pool.map(List::of).orElseGet(planned::pools);
  }

  /** The machine type to ask for. */
  String shape(Plan planned) {
    return shape.orElseGet(planned::shape);
  }

  /** What the hosts may cost, and until when. */
  CapacityTerms terms(Plan planned) {
    return planned.terms().with(deadline, dollars);
  }

  /** The same, before the plan stands too: nothing is known then. */
  CapacityTerms terms() {
    return plan.map(this::terms).orElse(CapacityTerms.NONE);
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
