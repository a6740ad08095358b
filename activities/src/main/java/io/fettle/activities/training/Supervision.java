package io.fettle.activities.training;

import io.fettle.activities.programs.EventTail;
import io.fettle.activities.programs.Program;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.Contact.Reply;
import io.fettle.activities.training.Stop.Cause;
import io.fettle.activities.training.cadence.SavingCosts;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import io.fettle.activities.training.shards.Feed;
import io.fettle.activities.training.shards.ShardFeeder;
import io.fettle.workflows.wire.FailureType;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lease's trainer, from its inputs to the delivery of how it ended. Everything that a later
 * agent needs is on disk before it counts, so any agent process of the host can go on here. Each
 * link has a thread of its own: nothing that waits for the server or the store delays the look at
 * the trainer.
 */
final class Supervision {
  private static final Logger log = LoggerFactory.getLogger(Supervision.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(2);
  private static final Duration SUPERSEDED_GRACE = Duration.ofSeconds(30);

  private final HostParts parts;
  private final HostOptions options;
  private final WorkFolder folder;
  private final Assignment assignment;
  private final Ledger ledger;
  private final Publisher publisher;
  private final TrainerView view;
  private final EventTail events;
  private final SavingCosts costs = new SavingCosts();
  private final StandingStop stops;
  private final Intervals intervals;
  private final Ending ending;
  private final Orders orders;
  private final Feed feed;
  private final ScheduledExecutorService links;
  private final Thread main;
  private volatile byte @Nullable [] deadToken;
  private volatile boolean givenBack;
  private volatile boolean reachable = true;
  private boolean caughtUp; // main thread only

  Supervision(HostParts parts, WorkFolder folder, Assignment assignment) throws IOException {
    this.parts = parts;
    this.options = parts.options();
    this.folder = folder;
    this.assignment = assignment;
    this.ledger = parts.ledger(assignment.run());
    var resumeStep = assignment.job().lease().resumeStep();
    this.publisher = new Publisher(ledger, folder, assignment.lease(), resumeStep, costs);
    this.view = new TrainerView(assignment.lease(), resumeStep, costs);
    this.events = new EventTail(folder.events());
    this.stops = new StandingStop(folder);
    this.intervals =
        new Intervals(folder, ledger, assignment.lease(), costs, options.expectedLife());
    var last = new LastSave(folder, assignment.lease(), publisher, stops, costs);
    this.ending = new Ending(parts, folder, assignment, ledger, publisher, view, stops, last);
    this.orders = new Orders(options, view, stops, last, this::stop);
    this.feed =
        new Feed(
            assignment.lease(),
            new ShardFeeder(parts.store(), assignment.job().dataset(), folder.shards()),
            options.look(),
            reason -> stop(Cause.DATA, reason, options.stopGrace()));
    this.links =
        Executors.newScheduledThreadPool(
            4, Thread.ofPlatform().daemon().name("lease-" + assignment.lease() + "-", 0).factory());
    this.main =
        Thread.ofPlatform()
            .daemon()
            .name("trainer-" + assignment.lease())
            .unstarted(this::supervise);
  }

  void begin() {
    main.start();
    every(options.heartbeat(), this::beat);
    every(options.storeLook(), this::lookAtTheLedger);
    every(options.look(), this::publish);
    every(options.storeLook(), this::collect);
    feed.begin();
  }

  Assignment assignment() {
    return assignment;
  }

  /** Leaves the trainer alone and ends only the watching of it. */
  void detach() {
    feed.stop();
    links.shutdownNow();
    publisher.close();
    main.interrupt();
  }

  /** A newer activity asks for the same train: its token is the one to answer. */
  void answerTo(byte[] token) throws IOException {
    folder.writeToken(token);
  }

  /** Asks the trainer to stop. The first reason stands; a shorter time is taken over. */
  void stop(Cause cause, String reason, Duration grace) {
    try {
      stops
          .ask(cause, reason, grace)
          .ifPresent(
              stop ->
                  log.info(
                      "lease {} is to stop within {} s: {}",
                      assignment.lease(),
                      grace.toSeconds(),
                      stop.reason()));
    } catch (IOException e) {
      log.warn(
          "the stop of lease {} stands, but cannot be written yet for another agent",
          assignment.lease(),
          e);
    }
  }

  /** Asks the trainer for a checkpoint at its next step boundary. */
  void saveSoon() {
    orders.saveSoon();
  }

  private void supervise() {
    try {
      while (!superviseOnce()) {
        Thread.sleep(AFTER_A_FAILURE);
      }
      parts.closed(this);
      ending.collectLast();
    } catch (InterruptedException e) {
      log.info("lease {} is left to the next agent", assignment.lease());
    } finally {
      feed.stop();
      links.shutdownNow();
      publisher.close();
    }
  }

  /**
   * Whatever failed here is tried again from what lies on disk: a full disk must not lose a
   * trainer.
   */
  private boolean superviseOnce() throws InterruptedException {
    try {
      if (folder.outcome().isEmpty()) {
        var outcome = train();
        intervals.ended(outcome, stops.stop());
        folder.write(outcome);
      }
      deliver();
      ending.cleanUp();
      return true;
    } catch (IOException | RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("detached");
      }
      log.error(
          "lease {} cannot be supervised just now, its trainer goes on", assignment.lease(), e);
      return false;
    }
  }

  // --- The trainer

  private Outcome train() throws IOException, InterruptedException {
    try {
      var program = started();
      if (program.isEmpty()) {
        return ending.stopped(stops.stop().orElseThrow());
      }
      return ending.of(watch(program.get()));
    } catch (ApplicationFailure e) {
      return Outcome.failed(FailureType.of(e.getType()), ending.exit(e.getOriginalMessage()));
    } catch (ObjectStore.MissingObject | ObjectStore.CorruptObject e) {
      return Outcome.failed(FailureType.STEP_FAILED, ending.exit(String.valueOf(e.getMessage())));
    }
  }

  /** The running trainer, started if need be; empty if a stop came first. */
  private Optional<Program> started() throws IOException, InterruptedException {
    var running = Program.adopt(folder.path());
    if (running.isPresent()) {
      log.info("lease {}: trainer {} is adopted", assignment.lease(), running.get().pid());
      intervals.begin();
      return running;
    }
    view.enter("stage");
    var config = parts.inputs().prepare(assignment.job(), folder, ledger);
    var command = command(config);
    if (stops.stop().isPresent()) {
      return Optional.empty();
    }
    intervals.begin();
    view.enter("load");
    orders.heardAt(System.nanoTime());
    var program = Program.start(command);
    log.info(
        "lease {}: trainer {} starts at step {}",
        assignment.lease(),
        program.pid(),
        assignment.job().lease().resumeStep());
    return Optional.of(program);
  }

  private Program.Spec command(Path config) throws InterruptedException {
    try {
      return parts.command().of(config, folder.path());
    } catch (IOException e) {
      throw FailureType.PREREQUISITE_MISSING.failure(
          "the trainer's environment: " + e.getMessage());
    }
  }

  private Program.Exit watch(Program program) throws IOException, InterruptedException {
    while (true) {
      var exit = program.exit(); // before the events, so that none is missed
      takeEvents();
      if (exit.isPresent()) {
        feed.end(); // before anything of its folder goes
        log.info("lease {}: trainer {} ended: {}", assignment.lease(), program.pid(), exit.get());
        view.enter("publish");
        return exit.get();
      }
      intervals.renew();
      orders.obey(program);
      Thread.sleep(options.look());
    }
  }

  private void takeEvents() throws IOException {
    for (var event : events.read()) {
      intervals.hear(event);
      if (event.path("event").asText().equals("checkpoint")) {
        publisher.offer(event.path("step").asLong(), stops.stop().isPresent());
      }
      if (view.apply(event)) {
        orders.heardAt(
            System.nanoTime() - (caughtUp ? 0 : ageNanos(event.path("time").asDouble())));
      }
    }
    caughtUp = true;
  }

  /**
   * How long ago an event was that an earlier agent may have seen; both stamps are this machine's.
   */
  private static long ageNanos(double epochSeconds) {
    var age = Duration.between(Instant.ofEpochMilli((long) (epochSeconds * 1_000)), Instant.now());
    return Math.max(0, age.toNanos());
  }

  // --- The links

  private void beat() throws IOException {
    var token = folder.token().orElse(new byte[0]);
    if (Arrays.equals(token, deadToken)) {
      stopIfClosed();
      return;
    }
    var reply = parts.contact().heartbeat(token, view.progress(publisher.publishedStep()));
    switch (reply) {
      case ACCEPTED -> {}
      case UNREACHABLE -> {
        if (reachable) {
          log.info("lease {}: the server is away, the trainer goes on", assignment.lease());
        }
      }
      case CANCELLED -> stop(Cause.CANCELLED, "the run was cancelled", options.stopGrace());
      case PAUSED -> stop(Cause.PAUSED, "an operator paused the train", options.stopGrace());
      case GONE -> {
        deadToken = token;
        stopIfClosed();
      }
    }
    reachable = reply != Reply.UNREACHABLE;
  }

  private void stopIfClosed() {
    if (parts.contact().isClosed(assignment)) {
      stop(Cause.CLOSED, "the workflow is closed", options.stopGrace());
    }
  }

  private void lookAtTheLedger() throws IOException {
    ledger.renew(assignment.lease());
    if (isSuperseded()) {
      stop(Cause.SUPERSEDED, "a newer lease has opened", SUPERSEDED_GRACE);
    }
  }

  private boolean isSuperseded() throws IOException {
    return ledger.newestLease().filter(lease -> lease.number() > assignment.lease()).isPresent();
  }

  private void publish() throws InterruptedException {
    try {
      publisher.publishWaiting();
    } catch (Superseded e) {
      stop(Cause.SUPERSEDED, String.valueOf(e.getMessage()), SUPERSEDED_GRACE);
    }
  }

  private void collect() throws IOException {
    publisher.collect(parts.inputs().keep(assignment.job()), () -> stops.stop().isEmpty());
  }

  /** The report reads the events once a train is finished; a host that leaves has no time first. */
  private void deliver() throws IOException, InterruptedException {
    var outcome = folder.outcome().orElseThrow();
    if (outcome.type() != FailureType.PREEMPTED) {
      publisher.keepEvents();
    }
    deliver(outcome);
    if (outcome.type() == FailureType.PREEMPTED) {
      publisher.keepEvents();
    }
  }

  /** The run has released this host: it asks for nothing here any more. */
  void giveBack(String reason) {
    givenBack = true;
    stop(Cause.ASKED, reason, options.stopGrace());
  }

  /**
   * Until somebody has it. A dead token is answered by the next one, or by a run that has gone on
   * without this lease.
   */
  private void deliver(Outcome outcome) throws IOException, InterruptedException {
    while (true) {
      var token = folder.token().orElse(new byte[0]);
      if (Arrays.equals(token, deadToken)) {
        if (parts.contact().isClosed(assignment) || givenBack || isSuperseded()) {
          return;
        }
      } else {
        var reply = parts.contact().deliver(token, outcome.told());
        if (reply == Reply.ACCEPTED) {
          log.info("lease {} ended: {}", assignment.lease(), outcome);
          return;
        }
        deadToken = reply == Reply.GONE ? token : deadToken;
      }
      Thread.sleep(options.heartbeat());
    }
  }

  private interface Link {
    void tend() throws IOException, InterruptedException;
  }

  private void every(Duration interval, Link link) {
    var _ =
        links.scheduleWithFixedDelay(
            () -> tend(link), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tend(Link link) {
    try {
      link.tend();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException
        | RuntimeException e) { // a link that breaks is tried again, and costs no trainer
      log.warn("lease {}: {}", assignment.lease(), e.toString());
    }
  }

  int step() {
    return view.step();
  }

  String phase() {
    return view.phase();
  }
}
