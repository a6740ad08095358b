package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.benchmarks.failures.LateCheckpoint.Stale;
import io.fettle.benchmarks.failures.LinkTally.Cut;
import io.fettle.benchmarks.failures.LinkTally.Kill;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** One endless train, and one fault after another to its host, each after a random while. */
final class LinkLane {
  private static final Duration CONTACT = Duration.ofSeconds(60);
  private static final Duration OPEN = Duration.ofMinutes(3);

  /** Of a lease: a host that is cut off from everything still trains then. */
  private static final double SURELY_HELD = 0.8;

  private final Rig rig;
  private final Training train;
  private final Random random;
  private final LinkTally tally;

  LinkLane(Rig rig, Training train, long seed, LinkTally tally) {
    this.rig = rig;
    this.train = train;
    this.random = new Random(seed);
    this.tally = tally;
  }

  void suffer(List<Fault> faults) throws Exception {
    for (var fault : faults) {
      train.awaitPublished(2);
      Thread.sleep(random.nextLong(3_000));
      switch (fault) {
        case BLACKOUT -> cut(fault, between(0.2, seconds(rig.settings().longestCut())));
        case CUT_WITHIN_LEASE -> cut(fault, between(2, 0.9 * lease()));
        case CUT_BEYOND_LEASE, FREEZE -> cut(fault, between(1.2 * lease(), 1.6 * lease()));
        case KILL_NOTICED, KILL_SILENT -> kill(fault);
      }
    }
  }

  private double lease() {
    return seconds(rig.settings().lease());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }

  private double between(double low, double high) {
    return low + random.nextDouble() * (high - low);
  }

  /** The host goes on, unheard, and comes back. */
  void cut(Fault kind, double seconds) throws Exception {
    int before = train.newestLease();
    var host = train.host();
    long agent = host.agent();
    begin(kind, host, agent);
    double first = Math.min(seconds, SURELY_HELD * lease());
    Thread.sleep(Math.round(first * 1e3));
    var late = LateCheckpoint.of(train, host);
    long rest = System.nanoTime() + Math.round((seconds - first) * 1e9);
    Waits.until(left(rest), () -> train.newestLease() > before);
    var stale = landed(late, before);
    Thread.sleep(left(rest));
    end(kind, host, agent);
    var mended = Instant.now();
    Waits.until(CONTACT, () -> hasContact(mended) || train.newestLease() > before);
    if (stale.isEmpty()) {
      stale = landed(late, before);
    }
    long reached = settle(host);
    int successors = train.newestLease() - before;
    long lost = successors == 0 ? 0 : Math.max(0, reached - resumeStep(before + 1));
    tally.add(new Cut(kind, successors, lost, stale.orElse(Stale.NONE)));
  }

  private static Duration left(long until) {
    return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
  }

  /** Empty where there is no successor yet. */
  private Optional<Stale> landed(Optional<LateCheckpoint> late, int before) throws Exception {
    return late.isPresent() && train.newestLease() > before
        ? Optional.of(late.get().land())
        : Optional.empty();
  }

  private void begin(Fault kind, TrainHost host, long agent) throws Exception {
    if (kind == Fault.FREEZE) {
      host.freeze();
      return;
    }
    rig.link().cut(agent);
    if (kind != Fault.BLACKOUT) {
      rig.faults(agent).set(Faults.State.gone());
    }
  }

  private void end(Fault kind, TrainHost host, long agent) throws Exception {
    if (kind == Fault.FREEZE) {
      host.thaw();
      return;
    }
    rig.faults(agent).set(Faults.State.NONE);
    rig.link().mend(agent);
  }

  private boolean hasContact(Instant since) {
    return train.heardAt().filter(since::isBefore).isPresent();
  }

  /**
   * A host that lost its lease has to find that out and stop; one that kept it goes on.
   *
   * @return the last step that was seen of it: its folder goes with it
   */
  private long settle(TrainHost host) throws Exception {
    var reached = new AtomicLong(host.step());
    if (train.newestLease() > host.lease()) {
      Waits.must(
          "the end of the stale trainer",
          OPEN,
          () -> {
            reached.accumulateAndGet(host.step(), Math::max);
            return !host.isTraining();
          });
      train.publishes(1); // the control's may be parked by now
    }
    return reached.get();
  }

  private long resumeStep(int lease) throws Exception {
    var resumeFrom = train.ledger().lease(lease).resumeFrom();
    return resumeFrom == null ? 0 : train.ledger().place(resumeFrom).step();
  }

  private void kill(Fault kind) throws Exception {
    int before = train.newestLease();
    var host = train.host();
    host.kill();
    long died = System.nanoTime();
    if (kind == Fault.KILL_NOTICED) {
      host.sayTerminated();
    } else {
      host.sayNothing();
    }
    var trained = host.allEvents(); // its folder goes with it
    Waits.must("a successor of " + train.run(), OPEN, () -> train.newestLease() > before);
    double seconds = Waits.secondsSince(died);
    var reason = train.status().leases().get(host.lease() - 1).reason();
    tally.add(new Kill(kind, seconds, lostIntervals(trained, resumeStep(before + 1)), reason));
  }

  /**
   * Silence is death, and what is dead is torn down, as pools do that end what they cannot hear.
   *
   * @return the steps that its run has to do again
   */
  long tornDown() throws Exception {
    train.awaitPublished(2);
    int before = train.newestLease();
    var host = train.host();
    long agent = host.agent();
    rig.link().cut(agent);
    Thread.sleep(rig.settings().heartbeatTimeout());
    host.kill();
    host.sayTerminated();
    long reached = host.step();
    rig.link().mend(agent);
    Waits.must("a successor of " + train.run(), OPEN, () -> train.newestLease() > before);
    return Math.max(0, reached - resumeStep(before + 1));
  }

  /** The time of the steps that have to be done again, by the longest that the spec allows. */
  static double lostIntervals(List<JsonNode> events, long resumed) {
    var after =
        events.stream()
            .filter(event -> event.path("event").asText().equals("step"))
            .filter(event -> event.path("step").asLong() >= resumed)
            .mapToDouble(event -> event.path("time").asDouble())
            .summaryStatistics();
    return after.getCount() == 0 ? 0 : (after.getMax() - after.getMin()) / TinyTraining.INTERVAL;
  }
}
