package io.fettle.workflows.run;

import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.training.Interruption.HostLost;
import io.fettle.workflows.training.Interruption.NoCapacity;
import io.fettle.workflows.training.TrainEnd;
import io.fettle.workflows.training.TrainEnd.LostContact;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.Map;
import java.util.TreeMap;

/** Acquires the hosts of a run, one after another. What it does not hand over it gives back. */
final class Acquisitions {
  /**
   * Launched hosts in a row that nobody answered from, or that could not do their work: another one
   * would only cost money.
   */
  private static final int IN_VAIN = 3;

  /** Of the execution's id, whose beginning is a clock that runs share for a minute. */
  private static final int TOKEN_CHARACTERS = 12;

  private final String run = Workflow.getInfo().getWorkflowId();
  private final Steps steps;
  private final Desk desk;
  private final Plan plan;
  private final Map<String, Market> markets = new TreeMap<>();
  private final CheaperTally cheaperOnes;
  private boolean givesAllBack;
  private int number;
  private int unclaimed;
  private int unfit;
  private String whyUnfit = "";

  Acquisitions(Steps steps, Desk desk, Plan plan) {
    this.steps = steps;
    this.desk = desk;
    this.plan = plan;
    this.cheaperOnes = new CheaperTally(desk.park());
  }

  /**
   * One host.
   *
   * @param cheaper only where it is of the cheaper market
   */
  Host acquire(CapacityProgress progress, boolean cheaper) {
    givesAllBack =
        Workflow.getVersion("give-every-host-back", Workflow.DEFAULT_VERSION, 1)
            != Workflow.DEFAULT_VERSION;
    number++;
    String token = token(Workflow.getInfo().getRunId(), number);
    Offer offer =
        steps
            .capacity("choose a host")
            .choose(
                new CapacityRequest(
                    run,
                    desk.amendments().pools(plan),
                    desk.amendments().shape(plan),
                    number,
                    desk.amendments().terms(plan),
                    progress,
                    cheaper));
    return claimed(offer, acquired(offer, token), cheaper);
  }

  /**
   * Whether hosts are given back on every way out, cancelled ones included. An execution that
   * acquired its first before that rule goes on as it is.
   */
  boolean givesAllBack() {
    return givesAllBack;
  }

  /** Whether another cheaper host is worth its price; always, where hosts were not given back. */
  boolean maySeekCheaper() {
    return !givesAllBack || cheaperOnes.mayLook();
  }

  /** What has come of those that were acquired while a dearer one worked. */
  CheaperTally cheaperOnes() {
    return cheaperOnes;
  }

  /** The market that a host was taken from. */
  Market market(Host host) {
    return markets.getOrDefault(host.token(), Market.OWNED);
  }

  /** The host that was handed over last cannot do its work. */
  void unfit(String reason) {
    unfit++;
    whyUnfit = reason;
  }

  /** The host that was handed over last can do its work. */
  void worked() {
    unfit = 0;
  }

  boolean isInVain() {
    return unclaimed + unfit >= IN_VAIN;
  }

  /** Whether the last one that was in vain could not do its work. */
  boolean areUnfit() {
    return unfit > 0 && isInVain();
  }

  String inVain() {
    return unfit == 0
        ? "%d launched hosts in a row did not answer; see their console, image and user data"
            .formatted(unclaimed)
        : "%d launched hosts in a row were of no use, the last one that answered: %s; see the pool's image and machine types"
            .formatted(unclaimed + unfit, whyUnfit);
  }

  /** An operator has looked: begin again. */
  void forgive() {
    unclaimed = 0;
    unfit = 0;
  }

  /** Another one for a reset execution, which must not claim what its predecessor acquired. */
  static String token(String execution, int acquisition) {
    return execution.substring(execution.length() - TOKEN_CHARACTERS) + "-" + acquisition;
  }

  private Acquisition acquired(Offer offer, String token) {
    String summary = "acquire %s %s".formatted(offer.pool(), offer.shape());
    try {
      return (givesAllBack ? steps.launchToItsEnd(summary) : steps.launch(summary))
          .acquire(new AcquireRequest(run, offer, token, desk.amendments().terms(plan)));
    } catch (ActivityFailure failure) {
      if (isGivenUp(failure)) {
        release(offer.pool(), token, "it is not needed any more"); // a lost answer may hide a host
      }
      throw failure;
    }
  }

  /** However what was cancelled ended, it may have left a host. */
  private boolean isGivenUp(ActivityFailure failure) {
    return givesAllBack
        && (failure.getCause() instanceof CanceledFailure
            || CancellationScope.current().isCancelRequested());
  }

  private Host claimed(Offer offer, Acquisition acquisition, boolean cheaper) {
    try {
      Host host =
          steps
              .claim(acquisition, "claim a host of " + offer.pool())
              .claim(new ClaimRequest(run, acquisition.token()));
      unclaimed = 0;
      markets.put(host.token(), offer.market()); // by its word: a replayer's run has another id
      return host;
    } catch (ActivityFailure failure) {
      unclaimed(offer.pool(), acquisition, failure, cheaper);
      throw failure;
    } catch (CanceledFailure cancelled) { // before the claim was asked for
      if (givesAllBack) {
        release(offer.pool(), acquisition.token(), "it is not needed any more");
      }
      throw cancelled;
    }
  }

  private void unclaimed(
      String pool, Acquisition acquisition, ActivityFailure failure, boolean cheaper) {
    TrainEnd end = TrainEnd.of(failure);
    if (isGivenUp(failure)) {
      release(pool, acquisition.token(), "it is not needed any more");
    } else if (isLaunched(acquisition)) {
      if (cheaper && givesAllBack) {
        cheaperOnes.inVain("its host was not claimed");
      } else {
        unclaimed++;
      }
      release(pool, acquisition.token(), "its host was not claimed");
    } else if (givesAllBack ? !isSurelyUnclaimed(end) : end instanceof LostContact) {
      releaseUnheard(pool, acquisition.token());
    }
  }

  /** Nobody took the claim, or somebody refused it. */
  private static boolean isSurelyUnclaimed(TrainEnd end) {
    return end instanceof NoCapacity || end instanceof HostLost;
  }

  /** The agent may have kept the claim before its answer was lost: nobody else would free it. */
  private void releaseUnheard(String pool, String token) {
    if (Workflow.getVersion("release-unheard-claim", Workflow.DEFAULT_VERSION, 1) == 1) {
      release(pool, token, "the claim's answer was lost");
    }
  }

  /** Its host is paid for from its launch, whoever claims it; only such pools say how long. */
  private static boolean isLaunched(Acquisition acquisition) {
    return !acquisition.patience().isZero();
  }

  private void release(String pool, String token, String reason) {
    release(
        "release a claim whose answer was lost",
        new ReleaseRequest(run, pool, "", token, reason, ""));
  }

  /** Also where the run, or what the host was for, was cancelled. */
  void release(String summary, ReleaseRequest request) {
    Runnable release = () -> steps.capacity(summary).release(request);
    if (givesAllBack) {
      Workflow.newDetachedCancellationScope(release).run();
    } else {
      release.run();
    }
  }
}
