package io.fettle.workflows.run;

import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.Interruption;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.wire.SearchAttributes;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What has happened so far: the source of status, current details, search attributes and the
 * record.
 */
final class Journal implements LeaseBook {
  private static final double MILLIS = 1_000.0;

  private final String run = Workflow.getInfo().getWorkflowId();
  private final List<PhaseTime> phases = new ArrayList<>();
  private final List<LeaseStory> leases = new ArrayList<>();
  private final List<AuditEntry> audit = new ArrayList<>();
  private String title = run;
  private String waitingFor = "";
  private String host = "";
  private String dataset = "";
  private int maxSteps;
  private int crashes;
  private int crashesAllowed;
  private int preemptions;
  private int leasesOpened;

  /** Runs one phase and writes down how long it took and what came of it. */
  <T> T phase(String name, Supplier<T> work, Function<T, String> note) {
    long started = begin(name);
    tag(name);
    show();
    try {
      T result = work.get();
      String said = note.apply(result);
      end(name, started, said.startsWith("reused") ? "reused" : "done", said);
      return result;
    } catch (HistoryFull inThePhase) {
      throw inThePhase;
    } catch (RuntimeException failure) {
      end(name, started, "failed", "");
      throw failure;
    }
  }

  /** One command for both, so that histories from before the second one replay. */
  private void tag(String phase) {
    if (dataset.isEmpty()
        || !Workflow.getTypedSearchAttributes().containsKey(SearchAttributes.DATASET)) {
      Workflow.upsertTypedSearchAttributes(SearchAttributes.PHASE.valueSet(phase));
    } else {
      Workflow.upsertTypedSearchAttributes(
          SearchAttributes.PHASE.valueSet(phase), SearchAttributes.DATASET.valueSet(dataset));
    }
  }

  /** A phase that an earlier execution began goes on. */
  private long begin(String name) {
    if (!phases.isEmpty() && phaseName().equals(name) && !isPast(name)) {
      return phases.getLast().startedMillis();
    }
    long now = Workflow.currentTimeMillis();
    phases.add(new PhaseTime(name, now, 0, "running", ""));
    return now;
  }

  private void end(String name, long started, String state, String note) {
    double seconds = (Workflow.currentTimeMillis() - started) / MILLIS;
    phases.set(phases.size() - 1, new PhaseTime(name, started, seconds, state, note));
    show();
  }

  void planned(String resolvedTitle, String baseModel, int allowedCrashes) {
    title = resolvedTitle;
    crashesAllowed = allowedCrashes;
    Workflow.upsertTypedSearchAttributes(SearchAttributes.BASE_MODEL.valueSet(baseModel));
    show();
  }

  /** The run is tagged with it when its next phase begins. */
  void prepared(Dataset data) {
    dataset = data.hash();
  }

  void scheduled(int steps) {
    maxSteps = steps;
  }

  void holds(String hostId) {
    host = hostId;
    show();
  }

  /** Empty: it waits for nothing. */
  void waitsFor(String what) {
    waitingFor = what;
    show();
  }

  String waitsFor() {
    return waitingFor;
  }

  @Override
  public void opened(Lease lease) {
    leases.add(
        new LeaseStory(
            lease.number(),
            lease.host(),
            lease.resumeStep(),
            lease.resumeLease(),
            lease.resumeStep(),
            Workflow.currentTimeMillis(),
            0,
            "running",
            ""));
    leasesOpened++;
    Workflow.upsertTypedSearchAttributes(SearchAttributes.LEASES.valueSet((long) leasesOpened));
    show();
  }

  @Override
  public void finished(Checkpoint checkpoint) {
    endLease(
        checkpoint.step(),
        "Finished",
        checkpoint.stoppedEarly() ? "early stopping" : "all steps done");
  }

  @Override
  public void interrupted(Interruption interruption) {
    endLease(
        interruption.lastStep(), interruption.getClass().getSimpleName(), interruption.reason());
    boolean byTheCloud =
        interruption instanceof Interruption.Preempted
            || interruption instanceof Interruption.HostLost;
    if (byTheCloud) {
      preemptions++;
      Workflow.upsertTypedSearchAttributes(
          SearchAttributes.PREEMPTIONS.valueSet((long) preemptions));
    }
  }

  @Override
  public void crashesSpent(int spent) {
    crashes = spent;
  }

  private void endLease(int lastStep, String ended, String reason) {
    LeaseStory open = leases.getLast();
    int toStep = Math.max(open.fromStep(), lastStep);
    leases.set(
        leases.size() - 1,
        new LeaseStory(
            open.number(),
            open.host(),
            open.fromStep(),
            open.fromLease(),
            toStep,
            open.startedMillis(),
            Workflow.currentTimeMillis(),
            ended,
            reason));
    show();
  }

  /** Writes an operator's order down. */
  AuditEntry audit(String action, String by, String reason, String before, String after) {
    AuditEntry entry =
        new AuditEntry(action, by, reason, Workflow.currentTimeMillis(), before, after);
    audit.add(entry);
    show();
    return entry;
  }

  List<AuditEntry> audit() {
    return List.copyOf(audit);
  }

  /** The phase under way, or the one that ended last. */
  String phaseName() {
    return phases.isEmpty() ? "plan" : phases.getLast().name();
  }

  /** Whether that phase has ended. */
  boolean isPast(String phase) {
    return phases.stream().anyMatch(p -> p.name().equals(phase) && !p.state().equals("running"));
  }

  List<PhaseTime> phases() {
    return List.copyOf(phases);
  }

  List<LeaseStory> leases() {
    return List.copyOf(leases);
  }

  RunStatus status() {
    return new RunStatus(
        run,
        title,
        phaseName(),
        waitingFor,
        phases,
        leases,
        host,
        maxSteps,
        crashes,
        crashesAllowed,
        preemptions,
        audit,
        dataset);
  }

  /** How far training is, for whoever has to choose a host in time. */
  CapacityProgress progress() {
    long now = Workflow.currentTimeMillis();
    double trained = 0;
    int step = 0;
    for (LeaseStory lease : leases) {
      if (lease.endedMillis() > 0) { // the steps of an open one are not known here
        trained += (lease.endedMillis() - lease.startedMillis()) / MILLIS;
      }
      step = Math.max(step, lease.toStep());
    }
    long started = phases.isEmpty() ? now : phases.getFirst().startedMillis();
    return new CapacityProgress(started, now, step, maxSteps, trained, preemptions, 0);
  }

  /** Since the run's first phase began, in whole seconds. */
  Duration age() {
    CapacityProgress now = progress();
    return Duration.ofSeconds((now.nowMillis() - now.startedMillis()) / (long) MILLIS);
  }

  /** Takes up what an earlier execution of the run wrote down. */
  void goOn(Continued from) {
    RunStatus before = from.status();
    prepared(from.dataset());
    title = before.title();
    phases.addAll(before.phases());
    leases.addAll(before.leases());
    audit.addAll(before.audit());
    maxSteps = before.maxSteps();
    crashes = before.crashes();
    crashesAllowed = before.crashesAllowed();
    preemptions = before.preemptions();
    leasesOpened = from.leases();
    show();
  }

  int leasesOpened() {
    return leasesOpened;
  }

  /** The status in the size of a payload. */
  RunStatus folded() {
    List<LeaseStory> folded = LeaseFold.of(leases);
    leases.clear();
    leases.addAll(folded);
    return status();
  }

  private void show() {
    Workflow.setCurrentDetails(DetailsPage.of(status()));
  }
}
