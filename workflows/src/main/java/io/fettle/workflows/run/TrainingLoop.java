package io.fettle.workflows.run;

import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.Interruption;
import io.fettle.workflows.training.Interruption.Cancelled;
import io.fettle.workflows.training.Interruption.Fatal;
import io.fettle.workflows.training.Interruption.HostLost;
import io.fettle.workflows.training.Interruption.HostUnfit;
import io.fettle.workflows.training.Interruption.NoCapacity;
import io.fettle.workflows.training.Interruption.OutOfMemory;
import io.fettle.workflows.training.Interruption.Paused;
import io.fettle.workflows.training.Interruption.Preempted;
import io.fettle.workflows.training.Interruption.Stalled;
import io.fettle.workflows.training.Interruption.TrainerCrashed;
import io.fettle.workflows.training.Interruption.Unknown;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.OpenLease;
import io.fettle.workflows.training.Remedy;
import io.fettle.workflows.training.StageJob;
import io.fettle.workflows.training.TakeOver;
import io.fettle.workflows.training.TrainEnd;
import io.fettle.workflows.training.TrainEnd.LostContact;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.FailureType;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Trains through interruptions: one lease after another, each from the newest verified checkpoint.
 */
final class TrainingLoop {
  /** So that a failure nobody can name does not spin. */
  private static final Duration BREATH = Duration.ofSeconds(5);

  /** In a row and for no reason that we know, such as a full disk: then an operator has to look. */
  private static final int STAGINGS = 3;

  private final Steps steps;
  private final Hosts hosts;
  private final Journal journal;
  private final Desk desk;
  private final Park park;
  private final Plan plan;
  private final TrainInputs inputs;
  private final LeaseProbe probe;
  private final CrashBudget budget;
  private LeaseBook book;
  private boolean isPart;
  private int failedStagings;
  private Remedy remedy;
  private Optional<TakeOver> takeOver = Optional.empty();

  TrainingLoop(
      Steps steps,
      Hosts hosts,
      Desk desk,
      Plan plan,
      TrainInputs inputs,
      Optional<Continued> from) {
    this.steps = steps;
    this.hosts = hosts;
    this.desk = desk;
    this.journal = desk.journal();
    this.book = desk.journal();
    this.park = desk.park();
    this.plan = plan;
    this.inputs = inputs;
    this.probe = new LeaseProbe(inputs.ledger(), steps, hosts);
    this.budget = new CrashBudget(plan.crashesAllowed(), from.map(Continued::crashes));
    this.remedy = from.map(Continued::remedy).orElseGet(Remedy::none);
  }

  TrainingLoop takingOver(Optional<TakeOver> by) {
    takeOver = by;
    return this;
  }

  /**
   * A train beside the run's own: its leases are no part of the run's story, and it ends in the
   * history in which it began, since what a run takes into the next one is its own train's. Where
   * the run's own would wait for an operator this one fails: it only advises.
   */
  TrainingLoop asPart() {
    book = LeaseBook.UNWRITTEN;
    isPart = true;
    return this;
  }

  /** How one lease ended. */
  private sealed interface LeaseEnd {
    record Finished(Checkpoint checkpoint) implements LeaseEnd {}

    record Interrupted(Interruption by, Optional<ActivityFailure> failure) implements LeaseEnd {}
  }

  Checkpoint run() {
    while (true) {
      goOnInANewHistory();
      switch (underLease()) {
        case LeaseEnd.Finished(var checkpoint) -> {
          return checkpoint;
        }
        case LeaseEnd.Interrupted(var interruption, var failure) -> answer(interruption, failure);
      }
    }
  }

  /**
   * Where the server suggests it. An execution that began before this rule did goes on as it is
   * while it is replayed.
   */
  private void goOnInANewHistory() {
    boolean due =
        !isPart
            && !park.isPauseAsked() // its wait comes first, since it would be forgotten
            && Workflow.getInfo().isContinueAsNewSuggested()
            && isNew("continue-as-new-between-leases");
    if (due) {
      hosts.giveBack("the run goes on in a new history", "");
      Workflow.await(Workflow::isEveryHandlerFinished);
    }
    if (due && !park.isPauseAsked()) {
      throw new HistoryFull(budget.remember(), remedy);
    }
  }

  private void stage(Host host) {
    steps
        .staging(host, "stage model and data on " + host.id())
        .stage(
            new StageJob(
                inputs.ledger(), host.token(), List.of(inputs.baseModel(), inputs.dataset())));
  }

  private LeaseEnd underLease() {
    Host host = hosts.get();
    try {
      stage(host);
      hosts.worked();
      failedStagings = 0;
    } catch (ActivityFailure failure) {
      return beforeTheLease(host, failure);
    }
    if (park.isPauseAsked()) {
      return new LeaseEnd.Interrupted(new Paused(park.why(), 0, 0), Optional.empty());
    }
    Lease lease = steps.leases("open the next lease").open(opening(host));
    takeOver = Optional.empty(); // once: a namespace that opens again has to be asked about again
    book.opened(lease);
    budget.leaseFrom(lease.resumeStep());
    LeaseEnd end = budget.parked().map(this::parked).orElseGet(() -> train(host, lease));
    switch (end) {
      case LeaseEnd.Finished(var checkpoint) -> book.finished(checkpoint);
      case LeaseEnd.Interrupted(var by, var _) -> book.interrupted(by);
    }
    return end;
  }

  private OpenLease opening(Host host) {
    OpenLease usual = OpenLease.of(inputs.ledger(), inputs.input(), host.id());
    takeOver.ifPresent(
        by -> journal.audit("take-over", by.by(), by.reason(), "another namespace", host.id()));
    return takeOver.map(usual::takingOver).orElse(usual);
  }

  /** No lease is open yet, so lost contact needs no proof of death: another host is as good. */
  private LeaseEnd beforeTheLease(Host host, ActivityFailure failure) {
    Interruption by =
        switch (TrainEnd.of(failure)) {
          case LostContact lost ->
              new HostLost("%s while staging on %s".formatted(lost.reason(), host.id()), 0);
          case Interruption interruption -> interruption;
        };
    return by instanceof Unknown(var reason)
            && ++failedStagings >= STAGINGS
            && isNew("park-staging")
        ? parked("staging failed %d times in a row: %s".formatted(failedStagings, reason))
        : new LeaseEnd.Interrupted(by, Optional.of(failure));
  }

  /** False in a history that passed here before the change of that name. */
  private static boolean isNew(String change) {
    return Workflow.getVersion(change, Workflow.DEFAULT_VERSION, 1) != Workflow.DEFAULT_VERSION;
  }

  private LeaseEnd parked(String why) {
    return new LeaseEnd.Interrupted(new Stalled(why, 0, 0), Optional.empty());
  }

  private LeaseEnd train(Host host, Lease lease) {
    if (park.isPauseAsked()) {
      int step = lease.resumeStep();
      return new LeaseEnd.Interrupted(new Paused(park.why(), step, step), Optional.empty());
    }
    TrainStop stop = new TrainStop(inputs.ledger(), steps, host, lease);
    park.trains(stop::ask);
    desk.handover().trains(host, () -> hosts.prepareNext(this::stage));
    CheaperHost cheaper = new CheaperHost(steps.pace());
    if (hosts.seeksCheaper()) {
      cheaper.seek(hosts::maySeekCheaper, () -> hosts.prepareCheaper(this::stage), stop::ask);
    }
    try {
      LeaseEnd end = trained(host, lease);
      boolean cheaperIsReady = cheaper.closed();
      if (hosts.givesAllBack()) {
        desk.handover().trainsNoMore(); // a notice that comes later has nothing made ready
      }
      return switch (end) {
        case LeaseEnd.Finished finished -> {
          hosts.trainEnded(Optional.empty(), false, true);
          yield finished;
        }
        case LeaseEnd.Interrupted(var by, var failure) -> {
          Interruption how = stop.how(by);
          hosts.trainEnded(Optional.of(how), cheaperIsReady, goesOnAfter(how));
          yield new LeaseEnd.Interrupted(how, failure);
        }
      };
    } finally {
      cheaper.closed();
      park.trainsNoMore();
      desk.handover().trainsNoMore();
      stop.closed();
    }
  }

  /** What fails for good in a part is the part's, and not the run's. */
  private boolean goesOnAfter(Interruption by) {
    return !(by instanceof Fatal) || (isPart && isNew("a-failed-part-settles-its-hosts"));
  }

  private LeaseEnd trained(Host host, Lease lease) {
    TrainingJob job =
        new TrainingJob(
            inputs.ledger(),
            host.token(),
            lease,
            inputs.training(),
            inputs.baseModel(),
            inputs.dataset(),
            remedy,
            plan.leaseTime(),
            desk.amendments().checkpointInterval());
    String summary =
        "train, lease %d on %s, from step %d"
            .formatted(lease.number(), host.id(), lease.resumeStep());
    while (true) {
      try {
        return new LeaseEnd.Finished(steps.trainer(host, summary).train(job));
      } catch (ActivityFailure failure) {
        TrainEnd end = TrainEnd.of(failure);
        Optional<Interruption> ended =
            switch (end) {
              case LostContact lost -> probe.afterLosing(host, lease, plan.leaseTime(), lost);
              case Interruption interruption -> Optional.of(interruption);
            };
        if (ended.isPresent()) {
          return new LeaseEnd.Interrupted(ended.get(), Optional.of(failure));
        }
      }
    }
  }

  /** Acts by cause; returns where another lease may be opened. */
  private void answer(Interruption interruption, Optional<ActivityFailure> failure) {
    switch (interruption) {
      case NoCapacity _ -> Workflow.sleep(steps.pace().of(BREATH));
      case Preempted(var reason, var _, var _) -> hosts.releaseTaken(reason);
      case HostLost(var reason, var _) -> hosts.releaseTaken(reason);
      case HostUnfit(var reason) -> hosts.releaseUnfit(reason);
      case Paused _ -> budget.excuse(); // the next host is asked for once it may go on
      case OutOfMemory(var reason) -> remedy = remedyFor(reason);
      case TrainerCrashed crash -> spend(crash);
      case Stalled stall when failure.isEmpty() -> park(stall.reason());
      case Stalled stall -> spend(stall);
      case Unknown _ -> Workflow.sleep(steps.pace().of(BREATH));
      case Cancelled cancelled ->
          throw failure.orElseThrow(() -> new IllegalStateException(cancelled.reason()));
      case Fatal fatal ->
          throw failure.orElseThrow(() -> new IllegalStateException(fatal.reason()));
    }
  }

  private Remedy remedyFor(String reason) {
    return remedy
        .next(plan.microBatch(), plan.gradientCheckpointing())
        .orElseThrow(
            () ->
                FailureType.OUT_OF_MEMORY.failure(
                    "out of memory at micro-batch 1 with gradient checkpointing and chunked loss: "
                        + reason
                        + "; lower data.max_length or method.lora.r, use qlora, or take a larger shape"));
  }

  private void spend(Interruption crash) {
    boolean another = budget.crashed(crash);
    book.crashesSpent(budget.spent());
    if (!another) {
      throw FailureType.TRAINER_CRASHED.failure(
          "the trainer failed %d times without passing step %d: %s; its log is named in the activity's failure"
              .formatted(budget.spent(), crash.lastStep(), crash.reason()));
    }
  }

  private void park(String why) {
    if (isPart) {
      throw FailureType.STALLED.failure(why);
    }
    if (isNew("stop-engines-of-a-parked-run")) {
      hosts.giveBack(why, "");
    } else {
      hosts.release(why, "");
    }
    park.wait(why);
    failedStagings = 0;
    budget.forgive();
    book.crashesSpent(budget.spent());
  }
}
