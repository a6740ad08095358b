package io.fettle.workflows.run;

import io.fettle.workflows.capacity.AskAgain;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.serving.StopEngines;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.training.Interruption;
import io.fettle.workflows.training.Interruption.Cancelled;
import io.fettle.workflows.training.Interruption.Fatal;
import io.fettle.workflows.training.Interruption.HostLost;
import io.fettle.workflows.training.Interruption.HostUnfit;
import io.fettle.workflows.training.Interruption.NoCapacity;
import io.fettle.workflows.training.Interruption.Preempted;
import io.fettle.workflows.training.Interruption.Unknown;
import io.fettle.workflows.training.TrainEnd;
import io.fettle.workflows.training.TrainEnd.LostContact;
import io.fettle.workflows.wire.FailureType;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The host that a run holds: acquired when a step first needs one, kept for the next, given back
 * whatever happens.
 */
final class Hosts {
  private static final Duration CAPACITY_PAUSE = Duration.ofSeconds(15);

  /** A run may wait for days; its history may not grow by the minute. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /**
   * Tries of one step on hosts before its failure is the run's: a lost host is free, an endless
   * series is not.
   */
  private static final int TRIES = 6;

  private final String run = Workflow.getInfo().getWorkflowId();
  private final Steps steps;
  private final Desk desk;
  private final Journal journal;
  private final NextHost next = new NextHost(this::releaseUnneeded);
  private final Plan plan;
  private final Acquisitions acquisitions;
  private Optional<Host> held = Optional.empty();
  private final HostWait wait;

  Hosts(Steps steps, Desk desk, Plan plan) {
    this.steps = steps;
    this.desk = desk;
    this.journal = desk.journal();
    this.plan = plan;
    this.acquisitions = new Acquisitions(steps, desk, plan);
    this.wait = new HostWait(plan.maxWait());
  }

  /**
   * The host that the run holds, acquired first where it holds none. A paused run waits here, and
   * holds none meanwhile.
   */
  Host get() {
    while (true) {
      desk.park().waitIfPaused(why -> giveBack(why, ""));
      if (held.isEmpty()) {
        next.take().ifPresentOrElse(this::hold, this::acquire);
      }
      if (held.isPresent() && !desk.park().isPauseAsked()) {
        return held.get();
      }
    }
  }

  /** Has the host after the held one acquired and staged, while that one still works. */
  void prepareNext(Consumer<Host> stage) {
    if (mayPrepare()) {
      next.prepare(() -> acquireOnce(false), stage);
    }
  }

  /** A run that is about to wait for an operator will give back what it has. */
  private boolean mayPrepare() {
    return !(acquisitions.givesAllBack() && desk.park().isPauseAsked());
  }

  /**
   * Whether to look for a cheaper host: the held one costs more than one of the market that the run
   * asks for first, and those that were found so far were of use.
   */
  boolean seeksCheaper() {
    return acquisitions.maySeekCheaper()
        && desk.amendments().terms(plan).market() == Market.SPOT
        && held.map(acquisitions::market).filter(Market.ON_DEMAND::equals).isPresent();
  }

  /** Has a cheaper host acquired and staged; false where none is to be had, or not for long. */
  boolean prepareCheaper(Consumer<Host> stage) {
    if (next.isKnown() || !mayPrepare()) {
      return false;
    }
    return next.prepareNow(() -> acquireOnce(true), host -> stageCheaper(host, stage));
  }

  private void stageCheaper(Host host, Consumer<Host> stage) {
    try {
      stage.accept(host);
      acquisitions.cheaperOnes().ready();
    } catch (ActivityFailure failure) {
      if (acquisitions.givesAllBack() && TrainEnd.of(failure) instanceof HostUnfit(var reason)) {
        acquisitions.cheaperOnes().inVain(reason);
      }
      throw failure;
    }
  }

  /** See {@link Acquisitions#maySeekCheaper}. */
  boolean maySeekCheaper() {
    return acquisitions.maySeekCheaper();
  }

  /** See {@link Acquisitions#givesAllBack}. */
  boolean givesAllBack() {
    return acquisitions.givesAllBack();
  }

  /**
   * A train has ended, and no host may stay idle beside the next one: the run moves on to the one
   * that was made ready, or gives that up.
   *
   * @param by empty: it finished, and needs no cheaper host any more
   * @param cheaper whether a cheaper host was ready
   * @param goesOn whether the run goes on whatever it ended by, as after a part of a learning curve
   */
  void trainEnded(Optional<Interruption> by, boolean cheaper, boolean goesOn) {
    if (!acquisitions.givesAllBack()) {
      if (next.isKnown() && (cheaper || by.isEmpty())) {
        giveBackHeld();
      }
      return;
    }
    if (!next.isKnown() || by.filter(how -> settlesItself(how, goesOn)).isPresent()) {
      return;
    }
    boolean leaves = next.isNeeded();
    boolean keepsNext = by.isPresent() ? leaves || next.isAcquired() : leaves && next.isAcquired();
    if (!keepsNext) {
      next.giveUp();
    }
    if (leaves || keepsNext) {
      giveBackHeld();
    }
  }

  /** The next host takes the place of one that is gone; a run that ends gives both back. */
  private static boolean settlesItself(Interruption by, boolean goesOn) {
    return by instanceof Preempted
        || by instanceof HostLost
        || by instanceof Cancelled
        || (by instanceof Fatal && !goesOn);
  }

  private void hold(Host host) {
    held = Optional.of(host);
    wait.ends();
    journal.waitsFor("");
    journal.holds(host.id());
  }

  /** The host that the run holds, if any. */
  Optional<Host> held() {
    return held;
  }

  /**
   * Runs a repeatable step on the host, and on another one where that is lost. Not for train, which
   * has its own loop.
   */
  <T> T on(Function<Host, T> step) {
    for (int attempt = 1; ; attempt++) {
      Host host = get();
      try {
        T done = step.apply(host);
        worked();
        return done;
      } catch (ActivityFailure failure) {
        if (attempt == TRIES || !mayTryAgain(host, failure, attempt)) {
          throw failure;
        }
      }
    }
  }

  private boolean mayTryAgain(Host host, ActivityFailure failure, int attempt) {
    if (FailureType.SUPERSEDED.isCauseOf(failure) || FailureType.WITHDRAWN.isCauseOf(failure)) {
      return false; // asked again, it would supersede the newer one in turn
    }
    return switch (TrainEnd.of(failure)) {
      case Cancelled _, Fatal _ -> false;
      case Preempted _, HostLost _ -> {
        releaseTaken("the host is leaving");
        yield true;
      }
      case HostUnfit(var reason) -> {
        releaseUnfit(reason);
        yield true;
      }
      case LostContact lost -> {
        if (endByProvider(host).isPresent()) {
          releaseTaken(lost.reason());
        } else if (attempt > 2) {
          release(lost.reason(), "");
        }
        yield true;
      }
      default -> attempt < 3;
    };
  }

  /** Until there is one, or an operator asks for a pause. */
  private void acquire() {
    Duration pause = steps.pace().of(CAPACITY_PAUSE);
    while (!desk.park().isPauseAsked()) {
      if (acquisitions.areUnfit()) {
        waitForAnOperator();
      }
      try {
        hold(acquireOnce(false));
        return;
      } catch (ActivityFailure failure) {
        String lacking = lacking(failure);
        journal.waitsFor(lacking);
        if (acquisitions.isInVain()) {
          waitForAnOperator();
        } else if (wait.isTooLong()) {
          park(wait.sentence(lacking));
          continue; // whoever unparks it wants it to ask now
        }
        Duration atMost = AskAgain.of(failure).orElse(pause);
        Workflow.await(wait.upTo(shorter(pause, atMost)), () -> desk.park().isPauseAsked());
        pause = Pace.doubled(pause, LONGEST_PAUSE);
      }
    }
    wait.ends();
  }

  private String lacking(ActivityFailure failure) {
    return switch (TrainEnd.of(failure)) {
      case NoCapacity none -> "a host of " + String.join(", ", pools()) + ": " + none.reason();
      case LostContact lost -> "another host: " + lost.reason();
      case HostLost busy -> "a free host: " + busy.reason();
      case Unknown unknown when isClaim(failure) -> "another host: " + unknown.reason();
      default -> throw failure;
    };
  }

  private void park(String why) {
    desk.park().wait(why);
    wait.ends();
  }

  private void waitForAnOperator() {
    park(acquisitions.inVain());
    acquisitions.forgive();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** A host asked for ahead of need has not been waited for. */
  private CapacityProgress progress() {
    if (held.isEmpty()) {
      wait.asks();
    }
    return journal.progress().waited(held.isPresent() ? 0 : wait.soFar().toMillis() / 1_000.0);
  }

  private List<String> pools() {
    return desk.amendments().pools(plan);
  }

  private Host acquireOnce(boolean cheaper) {
    return acquisitions.acquire(progress(), cheaper);
  }

  /** The store was away while the agent answered, say: another host is as good. */
  private static boolean isClaim(ActivityFailure failure) {
    return "Claim".equals(failure.getActivityType());
  }

  /**
   * Why it is terminated, in its provider's words, where the provider says that it is; unreachable
   * and unknown are never death.
   */
  Optional<String> endByProvider(Host host) {
    HostDescription described =
        steps
            .capacity("ask the provider about " + host.id())
            .describe(new DescribeRequest(run, host.pool(), host.id(), host.token()));
    return described.state() == HostState.TERMINATED
        ? Optional.of(Objects.requireNonNullElse(described.detail(), ""))
        : Optional.empty();
  }

  /**
   * Stops the run's engines on a host that is well, and gives it back, if one is held; the one that
   * was made ready, or is on its way, too.
   */
  void giveBack(String reason, String keepFor) {
    if (!acquisitions.givesAllBack()) {
      held.ifPresent(this::stopEngines);
      release(reason, keepFor);
      next.take().ifPresent(this::releaseUnneeded);
      return;
    }
    try {
      held.ifPresent(this::stopEngines);
      release(reason, keepFor);
    } finally {
      next.giveUp();
      next.settle();
    }
  }

  /** Stops the run's engines on the host that it holds, if it holds one. */
  void stopEngines() {
    held.ifPresent(this::stopEngines);
  }

  private void giveBackHeld() {
    held.ifPresent(this::stopEngines);
    release("it was told to leave, and the next host is ready", "");
  }

  private void stopEngines(Host host) {
    try {
      steps.engines(host, "stop the engines of " + run).stopEngines(new StopEngines(run));
    } catch (ActivityFailure unheard) {
      Workflow.getLogger(Hosts.class)
          .warn("engines on {} could not be stopped: {}", host.id(), unheard.getMessage());
    }
  }

  /**
   * Gives the host back, if one is held; {@code keepFor} names the endpoint that goes on using an
   * engine there.
   */
  void release(String reason, String keepFor) {
    releaseHeld(reason, keepFor, false);
  }

  /** Closes the acquisition of a host that its provider took back, or lost. */
  void releaseTaken(String reason) {
    releaseHeld(reason, "", true);
  }

  /** Gives back a host that cannot do its work; too many in a row park the run. */
  void releaseUnfit(String reason) {
    acquisitions.unfit(reason);
    release(reason, "");
    journal.waitsFor("another host: " + reason);
  }

  /** The held host has done a step. */
  void worked() {
    acquisitions.worked();
  }

  private void releaseHeld(String reason, String keepFor, boolean taken) {
    held.ifPresent(
        host -> {
          release(host, reason, keepFor, taken);
          held = Optional.empty();
          journal.holds("");
        });
  }

  private void releaseUnneeded(Host host) {
    release(host, "it was made ready and is not needed", "", false);
  }

  private void release(Host host, String reason, String keepFor, boolean taken) {
    acquisitions.release(
        "release " + host.id(),
        new ReleaseRequest(run, host.pool(), host.id(), host.token(), reason, keepFor, taken));
  }
}
