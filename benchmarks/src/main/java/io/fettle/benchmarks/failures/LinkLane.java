package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.failures.LinkTally.Cut;
import io.fettle.benchmarks.failures.LinkTally.Kill;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** One endless train, and one fault after another to its host, each after a random while. */
final class LinkLane {
  private static final Duration CONTACT = Duration.ofSeconds(60);
  private static final Duration OPEN = Duration.ofMinutes(3);

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
    Thread.sleep(Math.round(seconds * 1e3));
    end(kind, host, agent);
    var mended = Instant.now();
    Waits.until(CONTACT, () -> hasContact(mended) || train.newestLease() > before);
    long reached = settle(host);
    int successors = train.newestLease() - before;
    long lost = successors == 0 ? 0 : Math.max(0, reached - resumeStep(before + 1));
    tally.add(new Cut(kind, successors, lost, naiveStale(before)));
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
      train.awaitPublished(1);
    }
    return reached.get();
  }

  private long resumeStep(int lease) throws Exception {
    var resumeFrom = train.ledger().lease(lease).resumeFrom();
    return resumeFrom == null ? 0 : train.ledger().place(resumeFrom).step();
  }

  /** Whether the highest step of all that is published is of a lease that has a successor. */
  private boolean naiveStale(int lease) throws Exception {
    return train.newestLease() > lease
        && train.published().stream()
            .max((a, b) -> Long.compare(a.step(), b.step()))
            .filter(newest -> newest.lease() <= lease)
            .isPresent();
  }

  private void kill(Fault kind) throws Exception {
    int before = train.newestLease();
    var host = train.host();
    double interval = intervalSteps();
    host.kill();
    long died = System.nanoTime();
    if (kind == Fault.KILL_NOTICED) {
      host.sayTerminated();
    } else {
      host.sayNothing();
    }
    long reached = host.step();
    Waits.must("a successor of " + train.run(), OPEN, () -> train.newestLease() > before);
    double seconds = Waits.secondsSince(died);
    tally.add(new Kill(kind, seconds, (reached - resumeStep(before + 1)) / interval));
  }

  /** The greatest number of steps between two checkpoints of the newest lease. */
  private double intervalSteps() throws Exception {
    var steps =
        train.published(train.newestLease()).stream().map(Training.Published::step).toList();
    long longest = 1;
    for (int i = 1; i < steps.size(); i++) {
      longest = Math.max(longest, steps.get(i) - steps.get(i - 1));
    }
    return longest;
  }
}
