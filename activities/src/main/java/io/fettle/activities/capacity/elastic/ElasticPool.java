package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.wire.TaskQueues;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts that are launched for one acquisition each and ended with it. The intent is in the store
 * before a provider hears of it; a machine that nobody can account for is the reconciler's.
 */
public final class ElasticPool implements Pool {
  private static final Logger log = LoggerFactory.getLogger(ElasticPool.class);

  private final Cloud cloud;
  private final String owner;
  private final Book book;
  private final Patience patience;
  private final InstantSource clock;
  private final Crash crash;
  private final Absences absences;
  private final Admission admission;
  private final Reconciler reconciler;

  /**
   * How long things may take.
   *
   * @param join from a machine's launch to its agent's claim; longer than its start takes
   * @param lag from a launch until the provider's lists surely show it
   */
  public record Patience(Duration join, Duration lag) {
    /** EC2's lists were seen to lag by up to a minute; a large GPU machine starts for minutes. */
    public static final Patience USUAL =
        new Patience(Duration.ofMinutes(10), Duration.ofSeconds(75));
  }

  /** Called at every numbered point of acquire and release; only a test ever dies there. */
  public interface Crash {
    Crash NEVER = _ -> {};

    /** How many points there are, numbered from 1. */
    int POINTS = 10;

    void at(int point);
  }

  /** Asked once an acquisition's intent is written, before its host is launched. */
  public interface Admission {
    Admission ALL = _ -> {};

    /**
     * @throws Refusal of kind {@code THROTTLE} if the same is to be asked again; of any other, if
     *     the acquisition is over
     */
    void ask(Intent intent) throws IOException;
  }

  /** On a clock that serves as both, as in a simulation, where nobody is asked before a launch. */
  public ElasticPool(
      Cloud cloud,
      String owner,
      ObjectStore store,
      Patience patience,
      InstantSource clock,
      Crash crash) {
    this(cloud, owner, store, patience, clock, clock, crash, Admission.ALL);
  }

  /**
   * @param owner the mark of all that share this store and namespace, as the provider knows it too
   * @param clock for what is written; other workers' may differ
   * @param steady this process's own, which is never set: all ages are by it
   */
  public ElasticPool(
      Cloud cloud,
      String owner,
      ObjectStore store,
      Patience patience,
      InstantSource clock,
      InstantSource steady,
      Crash crash,
      Admission admission) {
    this.cloud = cloud;
    this.owner = owner;
    this.book = new Book(store, cloud.name());
    this.patience = patience;
    this.clock = clock;
    this.crash = crash;
    this.admission = admission;
    this.absences = new Absences(patience.lag(), steady);
    this.reconciler = new Reconciler(cloud, book, patience, absences, steady, this::finish);
  }

  @Override
  public String name() {
    return cloud.name();
  }

  @Override
  public List<Offer> offers(String shape) throws IOException {
    return cloud.offers(shape);
  }

  @Override
  public int placesAtOnce() {
    return cloud.placesAtOnce();
  }

  @Override
  public Acquisition acquire(AcquireRequest request, Execution by) throws IOException {
    var token = request.token();
    crash.at(1);
    if (book.ended(request.run(), token).isPresent()) {
      throw ended(token, "this acquisition is over");
    }
    var intent = book.intend(new Intent(token, owner, by, request.offer(), request.terms()));
    crash.at(2);
    var seen = launchedBefore(intent); // before it is admitted: who cannot be asked costs nothing
    if (seen.isEmpty()) {
      admit(intent);
    }
    crash.at(3);
    if (book.isReleased(token)) {
      throw ended(token, "it was released before its host was launched");
    }
    var machine = machine(intent, seen);
    crash.at(5);
    var launch = book.launched(token, machine, clock.instant());
    absences.seen(token); // looks before the launch say nothing of it
    crash.at(6);
    if (book.isReleased(token)) { // meanwhile, by the reconciler or an operator
      cloud.terminate(machine);
      throw ended(token, "it was released while its host was launched");
    }
    return new Acquisition(token, TaskQueues.claim(token), launch.machine(), patience.join());
  }

  /** An earlier try of this token that was admitted may have launched a host already. */
  private void admit(Intent intent) throws IOException {
    var token = intent.token();
    if (book.isReleased(token) || book.isAdmitted(token)) {
      return;
    }
    try {
      admission.ask(intent);
    } catch (Refusal refusal) {
      if (refusal.kind() != Refusal.Kind.THROTTLE) {
        withdraw(intent, refusal.sentence());
      }
      throw refusal;
    }
    book.admit(token, clock.instant());
  }

  private void withdraw(Intent intent, String why) throws IOException {
    book.release(intent.token(), why, clock.instant());
    closedUnasked(intent, why);
  }

  /**
   * No host was ever asked for by a token that was not admitted, so its money, for which others may
   * wait, is free at once. A try that is admitted meanwhile sees the release.
   */
  private boolean closedUnasked(Intent intent, String why) throws IOException {
    if (book.isAdmitted(intent.token()) || book.launch(intent.token()).isPresent()) {
      return false;
    }
    book.end(intent, why, clock.instant());
    return true;
  }

  /** Adopted where an earlier try of this token launched one, whether or not its answer arrived. */
  private Machine machine(Intent intent, Optional<Machine> seen) throws IOException {
    if (seen.isPresent()) {
      book.adopted(intent.token(), seen.get(), clock.instant());
      return seen.get();
    }
    try {
      var launched = cloud.launch(intent);
      crash.at(4);
      if (launched.mayCost()) {
        return launched;
      }
      throw ended(intent.token(), "its host has ended already: " + launched.detail());
    } catch (Refusal refusal) {
      if (refusal.kind() != Refusal.Kind.THROTTLE) {
        giveUp(intent, refusal);
      }
      throw refusal;
    }
  }

  /**
   * A no after a try whose answer was lost may hide a machine: such a token stays open, released,
   * until the reconciler is sure.
   */
  private void giveUp(Intent intent, Refusal refusal) throws IOException {
    book.release(intent.token(), refusal.sentence(), clock.instant());
  }

  /** A token whose machine has died gets no other: providers keep what they answered to it. */
  private Optional<Machine> launchedBefore(Intent intent) throws IOException {
    var listed = listed(intent.token());
    var living = living(listed);
    if (living.isEmpty() && !listed.isEmpty()) {
      var dead = ended(intent.token(), "its host has ended already: " + listed.getFirst().detail());
      giveUp(intent, dead);
      throw dead;
    }
    return living;
  }

  /** While that cannot be told the same token is asked again: another would launch a second. */
  private List<Machine> listed(String token) throws IOException {
    try {
      return cloud.machines(token);
    } catch (Refusal refusal) {
      if (refusal.kind() == Refusal.Kind.THROTTLE) {
        throw refusal;
      }
      throw new IOException(
          "whether an earlier try launched a host cannot be told: " + refusal.sentence(), refusal);
    }
  }

  private Optional<Machine> living(List<Machine> listed) throws IOException {
    var found = listed.stream().filter(Machine::mayCost).toList();
    for (var twin : found.subList(Math.min(1, found.size()), found.size())) {
      log.warn("token {} has a second machine, {}; it is ended", twin.token(), twin.id());
      cloud.terminate(twin);
    }
    return found.stream().findFirst();
  }

  private static Refusal ended(String token, String why) {
    return new Refusal(
        Refusal.Kind.ENDED, "ended", "acquisition %s: %s".formatted(token, why), List.of());
  }

  @Override
  public HostDescription describe(DescribeRequest request) throws IOException {
    var token = request.token();
    var launch = book.launch(token);
    var found = found(token, launch);
    var living = found.stream().filter(Machine::mayCost).findFirst();
    if (living.isPresent()) {
      absences.seen(token);
      return new HostDescription(request.host(), living.get().state(), living.get().detail());
    }
    if (!found.isEmpty()) {
      return new HostDescription(request.host(), HostState.TERMINATED, found.getFirst().detail());
    }
    if (book.ended(request.run(), token).isPresent()) {
      return new HostDescription(request.host(), HostState.TERMINATED, "it was given back");
    }
    return launch.isPresent() && absences.missed(token)
        ? new HostDescription(
            request.host(), HostState.TERMINATED, "the provider no longer knows it")
        : new HostDescription(
            request.host(), HostState.UNKNOWN, "the provider does not list it just now");
  }

  /** By the list of its token's machines, and by its id where the list does not have it. */
  private List<Machine> found(String token, Optional<Book.Launch> launch) throws IOException {
    var listed = cloud.machines(token);
    if (launch.isEmpty() || isAmong(launch.get(), listed)) {
      return listed;
    }
    var found = new ArrayList<>(listed);
    cloud.machine(launch.get().machine()).ifPresent(found::add);
    return found;
  }

  private static boolean isAmong(Book.Launch launch, List<Machine> machines) {
    return machines.stream().anyMatch(machine -> machine.id().equals(launch.machine()));
  }

  @Override
  public void release(ReleaseRequest request) throws IOException {
    var intent = book.intent(request.token());
    if (intent.isEmpty()) {
      return; // never intended, or over
    }
    crash.at(7);
    book.release(request.token(), request.reason(), clock.instant());
    crash.at(8);
    try {
      finish(intent.get(), request.reason(), false);
    } catch (IOException away) { // it is written down, and the sweep goes on: no run waits for it
      log.warn(
          "acquisition {} of run {} is given back, its machine is ended later: {}",
          request.token(),
          request.run(),
          away.getMessage());
    }
  }

  /**
   * Ends the machines of a released acquisition, and closes it once that is sure.
   *
   * @param surely no machine can appear any more
   * @return whether it is closed
   */
  private boolean finish(Intent intent, String reason, boolean surely) throws IOException {
    if (closedUnasked(intent, reason)) {
      return true;
    }
    var known = book.launch(intent.token());
    var machines = found(intent.token(), known);
    for (var machine : machines) {
      if (machine.mayCost()) {
        book.adopted(intent.token(), machine, clock.instant());
        cloud.terminate(machine);
      }
    }
    crash.at(9);
    var seen = known.isPresent() && isAmong(known.get(), machines);
    if (!seen && !surely) {
      return false; // the provider's lists lag
    }
    var end = book.end(intent, reason, clock.instant());
    crash.at(10);
    log.info(
        "acquisition {} of run {} is over after {} s, {} dollars: {}",
        intent.token(),
        intent.by().run(),
        Math.round(end.seconds()),
        end.dollars(),
        reason);
    return true;
  }

  @Override
  public Optional<Standing> standing(String token) throws IOException {
    return book.standing(token, clock.instant());
  }

  @Override
  public List<String> sweep(Runs runs, Instant now) throws IOException {
    return reconciler.run(runs, now);
  }
}
