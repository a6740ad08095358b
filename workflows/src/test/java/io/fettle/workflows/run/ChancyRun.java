package io.fettle.workflows.run;

import static io.fettle.workflows.run.FakeGpus.reference;

import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.HostNotice;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.OpenLease;
import io.fettle.workflows.training.ProbeAnswer;
import io.fettle.workflows.training.TrainerExit;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCanceledException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The pool, hosts and trainers of one run, whose answers are drawn from a seed. It knows which
 * hosts are paid for, and complains of those that are so for nothing.
 */
final class ChancyRun {
  static final String CLAIMS = "claims";
  static final String NOBODY = "nobody";
  static final String HOSTS = "hosts";
  static final String CONTROL = "hosts-control";

  /** Seeds in a row begin alike. */
  static final long SPREAD = 0x9E3779B97F4A7C15L;

  private static final Duration PATIENCE = Duration.ofMillis(1_500);

  private static final long NOTICE_MILLIS = 300;

  /** After so many nothing fails any more, so that every run ends. */
  private static final int CHANCY_LEASES = 4;

  private static final int CHANCY_CHOICES = 12;

  private final Random random;
  private final Consumer<HostNotice> notice;
  private final Set<String> intents = new HashSet<>();
  private final Set<String> released = new HashSet<>();
  private final Set<String> open = new TreeSet<>();
  private final Set<String> claimed = new HashSet<>();
  private final Map<Integer, Trainer> trainers = new HashMap<>();
  private int underWay;
  private int choices;
  private int leases;
  private int published;

  private enum End {
    FINISH,
    PREEMPT,
    CRASH,
    OUT_OF_MEMORY,
    STALL,
    UNKNOWN,
    LOSS
  }

  /** Of one lease, whoever asks for it. */
  private static final class Trainer {
    final End end;
    final long endsAt;
    final long noticeAt;
    boolean noticed;
    long stopsAt = Long.MAX_VALUE;

    Trainer(End end, long lasts, long noticeAfter) {
      this.end = end;
      this.endsAt = now() + lasts;
      this.noticeAt = now() + noticeAfter;
    }
  }

  ChancyRun(long seed, Consumer<HostNotice> notice) {
    this.random = new Random(seed * SPREAD);
    this.notice = notice;
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException stopping) {
      throw Activity.wrap(stopping);
    }
  }

  private synchronized boolean by(double chance) {
    return random.nextDouble() < chance && isChancy();
  }

  private synchronized long upTo(int millis) {
    return isChancy() ? random.nextInt(millis) : 1;
  }

  private boolean isChancy() {
    return leases <= CHANCY_LEASES && choices <= CHANCY_CHOICES;
  }

  /** Whether an acquisition, a claim or a release is being answered. */
  synchronized boolean isBusy() {
    return underWay > 0;
  }

  private synchronized void busy(int change) {
    underWay += change;
  }

  /** Hosts that somebody pays for. */
  synchronized List<String> open() {
    return List.copyOf(open);
  }

  Offer choose(CapacityRequest request) {
    chosen();
    pause(upTo(60));
    if (by(request.cheaper() ? 0.3 : 0.1)) {
      throw FailureType.NO_CAPACITY.failure("none, by chance");
    }
    Market market = request.cheaper() || by(0.2) ? Market.SPOT : Market.ON_DEMAND;
    return new Offer(
        "cloud", request.shape(), 1, "", market, List.of(new Place("type", "zone", 1)));
  }

  private synchronized void chosen() {
    choices++;
  }

  Acquisition acquire(AcquireRequest request) {
    String token = request.token();
    busy(1);
    try {
      intend(token);
      pause(upTo(200));
      if (by(0.1)) {
        release(token);
        throw FailureType.NO_CAPACITY.failure("a stockout, by chance");
      }
      launch(token);
      pause(upTo(150));
      if (by(0.1) && !isCancelled()) {
        throw new IllegalStateException("the launch's answer is lost, by chance");
      }
      refuseReleased(token);
    } finally {
      busy(-1);
    }
    return by(0.1)
        ? new Acquisition(token, NOBODY, token, Duration.ofMillis(300))
        : new Acquisition(token, CLAIMS, token, PATIENCE);
  }

  /**
   * The in-memory server forgets an activity that fails once it is cancelled; a real one ends it.
   */
  private static boolean isCancelled() {
    try {
      Activity.getExecutionContext().heartbeat(0);
      return false;
    } catch (ActivityCanceledException asked) {
      return true;
    }
  }

  private synchronized void intend(String token) {
    intents.add(token);
    refuseReleased(token);
  }

  private synchronized void launch(String token) {
    if (!released.contains(token)) {
      open.add(token);
    }
  }

  private synchronized void refuseReleased(String token) {
    if (released.contains(token)) {
      open.remove(token);
      throw FailureType.NO_CAPACITY.failure("it was released meanwhile");
    }
  }

  Host claim(ClaimRequest request) {
    pause(upTo(100));
    synchronized (this) {
      if (!open.contains(request.token())) {
        throw FailureType.HOST_BUSY.failure("it was released before its claim");
      }
      claimed.add(request.token());
    }
    if (by(0.1)) {
      throw new IllegalStateException("the store is away, by chance");
    }
    String token = request.token();
    return new Host(token, "1", "cloud", "cpu", HOSTS, CONTROL, token);
  }

  void stage(String token) {
    long end = now() + upTo(150);
    while (now() < end) {
      Activity.getExecutionContext().heartbeat(0);
      pause(10);
    }
    if (by(0.1)) {
      throw FailureType.STEP_FAILED.failure("no space, by chance");
    }
    if (!isOpen(token)) {
      throw FailureType.HOST_LOST.failure("it is gone");
    }
  }

  private synchronized boolean isOpen(String token) {
    return open.contains(token);
  }

  HostState describe(String token) {
    return isOpen(token) ? HostState.RUNNING : HostState.TERMINATED;
  }

  /** As the pool: what was never intended is no error, and nothing is remembered of it. */
  void release(ReleaseRequest request) {
    busy(1);
    try {
      if (by(0.3)) {
        throw new IllegalStateException("the store is away, by chance");
      }
      release(request.token());
    } finally {
      busy(-1);
    }
  }

  private synchronized void release(String token) {
    if (intents.contains(token)) {
      released.add(token);
      open.remove(token);
    }
  }

  synchronized Lease open(OpenLease request) {
    leases++;
    return new Lease(
        leases,
        request.input(),
        request.host(),
        published == 0 ? Optional.empty() : Optional.of(reference("m" + published)),
        published,
        leases - 1,
        leases - 1);
  }

  Checkpoint train(TrainingJob job) {
    String token = job.token();
    Trainer trainer = trainer(job.lease().number());
    while (true) {
      pause(15);
      if (!isOpen(token)) {
        return lost();
      }
      beat(trainer);
      tellNotice(trainer, token);
      if (now() >= Math.min(trainer.endsAt, trainer.stopsAt)) {
        return end(trainer, job);
      }
    }
  }

  private synchronized Trainer trainer(int lease) {
    return trainers.computeIfAbsent(lease, _ -> drawn());
  }

  private Trainer drawn() {
    End end = isChancy() ? End.values()[random.nextInt(End.values().length)] : End.FINISH;
    return new Trainer(end, 20 + upTo(700), by(0.3) ? upTo(400) : Long.MAX_VALUE / 4);
  }

  private void beat(Trainer trainer) {
    try {
      Activity.getExecutionContext().heartbeat(0);
    } catch (ActivityCanceledException asked) { // anything else: contact is lost, and this is over
      trainer.stopsAt = Math.min(trainer.stopsAt, now() + 30);
    }
  }

  private void tellNotice(Trainer trainer, String token) {
    if (!trainer.noticed && now() >= trainer.noticeAt) {
      trainer.noticed = true;
      notice.accept(new HostNotice(token, "told to leave", Duration.ofMillis(NOTICE_MILLIS)));
      trainer.stopsAt = Math.min(trainer.stopsAt, now() + NOTICE_MILLIS);
    }
  }

  synchronized void stop(int lease) {
    Trainer trainer = trainers.get(lease);
    if (trainer == null) {
      throw new IllegalStateException("it has not started");
    }
    trainer.stopsAt = Math.min(trainer.stopsAt, now() + 50);
  }

  synchronized ProbeAnswer probe(int lease) {
    return new ProbeAnswer(
        trainers.containsKey(lease) ? ProbeAnswer.State.RUNNING : ProbeAnswer.State.UNKNOWN, "");
  }

  private Checkpoint end(Trainer trainer, TrainingJob job) {
    TrainerExit exit = published();
    if (now() < trainer.endsAt) {
      throw FailureType.PREEMPTED.failure("it was told to stop", exit);
    }
    return switch (trainer.end) {
      case FINISH -> checkpoint(job);
      case PREEMPT -> throw FailureType.PREEMPTED.failure("notice", exit);
      case CRASH -> throw FailureType.TRAINER_CRASHED.failure("exit 70", exit);
      case OUT_OF_MEMORY -> throw FailureType.OUT_OF_MEMORY.failure("exit 71", exit);
      case STALL -> throw FailureType.STALLED.failure("silent", exit);
      case UNKNOWN -> throw FailureType.STEP_FAILED.failure("by chance");
      case LOSS -> {
        taken(job.token());
        yield lost();
      }
    };
  }

  private synchronized void taken(String token) {
    open.remove(token);
  }

  private static Checkpoint lost() {
    Activity.getExecutionContext().doNotCompleteOnReturn();
    return new Checkpoint(0, 0, reference("never"), reference("never"), Optional.empty(), false);
  }

  private synchronized TrainerExit published() {
    published += 100;
    return new TrainerExit("", published, published, Optional.empty());
  }

  private static Checkpoint checkpoint(TrainingJob job) {
    return new Checkpoint(
        job.lease().number(), 3_000, reference("m"), reference("a"), Optional.of(0.5), false);
  }
}
