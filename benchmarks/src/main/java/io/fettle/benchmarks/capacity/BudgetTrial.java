package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.StopOrders;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.Spending;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Two runs of one experiment, with caps of their own and one together, on a faulty provider: hosts
 * come and go until no cap pays for another. Time is simulated; intents, records, the caps' looks
 * and the watch are the product's.
 */
final class BudgetTrial {
  private static final Duration LOOK = Duration.ofSeconds(20);

  /** Of a run that was refused, until it asks again: the other's host may have cost less. */
  private static final Duration AGAIN = Duration.ofMinutes(5);

  private static final String EXPERIMENT = "experiment";
  private static final double LEAST_HOURS = 0.475;

  /** Of a control worker at each point that it passes. */
  private static final double DEATH = 0.02;

  private final Random random;
  private final boolean watched;
  private final ObjectStore store;
  private final Spending spending;
  private final FaultyCloud cloud;
  private final double price;
  private final double cap;
  private final double together;
  private final CapacityTerms terms;
  private final List<Asking> runs = List.of(new Asking("run-1"), new Asking("run-2"));
  private Instant now = Instant.parse("2026-11-28T00:00:00Z");
  private Instant lookedAt = now;
  private Instant awayUntil = now;
  private Pool pool;

  /**
   * The provider's own bill beside the caps.
   *
   * @param dollars of both runs
   * @param cap of both
   * @param isOver whether they cost more than that together, or one of them more than its own cap
   */
  record Outcome(double dollars, double cap, boolean isOver) {}

  private BudgetTrial(long seed, boolean watched, ObjectStore store) {
    random = new Random(seed);
    this.watched = watched;
    this.store = store;
    spending = Capacity.spending(store);
    cloud = new FaultyCloud(random, () -> now);
    price = 0.5 + 40 * random.nextDouble();
    cap = price * (0.5 + 4 * random.nextDouble());
    together = cap * (1 + 0.8 * random.nextDouble());
    terms =
        new CapacityTerms(
            Market.SPOT,
            Integer.MAX_VALUE,
            Optional.empty(),
            Optional.of(cap),
            Optional.of(EXPERIMENT),
            Optional.of(together),
            Optional.empty(),
            Optional.empty(),
            Duration.ofMinutes(15),
            Duration.ofSeconds(30));
    pool = started();
  }

  static Outcome run(long seed, boolean watched) throws IOException {
    var folder = Files.createTempDirectory("budget");
    try (var store = Stores.open(folder.toUri())) {
      return new BudgetTrial(seed, watched, store).run();
    } finally {
      delete(folder);
    }
  }

  private Outcome run() throws IOException {
    for (var each : runs) {
      spending.enter(EXPERIMENT, each.run);
    }
    while (goesOn()) {
      pass();
    }
    boolean isOver = runs.stream().anyMatch(each -> cloud.dollars(each.run) > cap);
    return new Outcome(cloud.dollars(), together, isOver || cloud.dollars() > together);
  }

  private boolean goesOn() throws IOException {
    for (var each : runs) {
      if (!each.token.isEmpty() || each.canPay()) {
        return true;
      }
    }
    return false;
  }

  /** Twenty seconds and more, in which the control side works unless it is away. */
  private void pass() throws IOException {
    now = now.plus(LOOK).plusSeconds(random.nextInt(20));
    runs.forEach(Asking::loseHost);
    if (random.nextDouble() < 0.005) {
      awayUntil = now.plus(Duration.ofMinutes(1 + random.nextInt(40)));
      pool = started();
    }
    if (now.isBefore(awayUntil)) {
      if (Duration.between(lookedAt, now).compareTo(terms.lease()) > 0) {
        runs.forEach(each -> cloud.end(each.token)); // nobody renewed them, so they ended
      }
      return;
    }
    for (var each : runs) {
      each.work();
    }
    look();
  }

  private void look() {
    tried(() -> pool.sweep(new OpenRuns(), now));
    if (watched) {
      tried(() -> Capacity.budgets(List.of(pool), store, () -> now, new Orders()).look());
    }
    lookedAt = now; // where a part of it was done only, the next look is soon
  }

  private interface Call {
    void run() throws IOException;
  }

  /** The provider may give no answer, and the control worker may die; then the next one begins. */
  private void tried(Call call) {
    try {
      call.run();
    } catch (IOException away) {
      return; // it is tried again
    } catch (UncheckedIOException died) {
      pool = started();
    }
  }

  /** As a control worker that has just started: it knows what is in the store. */
  private Pool started() {
    return new ElasticPool(
        cloud,
        "owner",
        store,
        new ElasticPool.Patience(Duration.ofDays(9), Duration.ofSeconds(75)),
        () -> now,
        () -> now,
        _ -> mayDie(),
        Capacity.caps(store, () -> now));
  }

  private void mayDie() {
    if (random.nextDouble() < DEATH) {
      throw new UncheckedIOException(new IOException("the control worker died"));
    }
  }

  /** One run, which has one host at a time. */
  private final class Asking {
    private final String run;
    private String token = ""; // of its host; empty: it has and wants none
    private boolean isAnswered;
    private Instant takenAt = Instant.MAX;
    private Instant asksAt = Instant.MIN;
    private Instant stopsAt = Instant.MAX;
    private boolean isTold;
    private int hosts;

    Asking(String run) {
      this.run = run;
    }

    boolean canPay() throws IOException {
      double least = price * LEAST_HOURS;
      double sum = 0;
      for (var each : runs) {
        sum += spending.of(each.run, now).dollars();
      }
      return spending.of(run, now).dollars() + least <= cap && sum + least <= together;
    }

    /** The provider takes it back. */
    void loseHost() {
      if (now.isAfter(takenAt)) {
        cloud.end(token);
      }
    }

    void work() throws IOException {
      if (token.isEmpty() && now.isAfter(asksAt) && canPay()) {
        token = run + "-" + hosts++;
        isAnswered = false;
        isTold = false;
      }
      if (token.isEmpty()) {
        return;
      }
      if (!isAnswered) {
        tried(this::acquire);
      } else if (!cloud.lives(token) || now.isAfter(stopsAt)) {
        tried(this::giveBack);
      }
    }

    /** Tried again as the activity is, by the same token. */
    private void acquire() throws IOException {
      var place = new Place("type", "zone", price);
      var offer = new Offer("faulty", "shape", price, "", Market.SPOT, List.of(place));
      try {
        pool.acquire(new AcquireRequest(run, offer, token, terms), by(run));
      } catch (Refusal refusal) {
        if (refusal.kind() == Refusal.Kind.THROTTLE) {
          return; // the other asked too
        }
        asksAt = now.plus(AGAIN); // no cap pays for it, or the watch released it meanwhile
      }
      isAnswered = true;
      takenAt = now.plus(Duration.ofMinutes(5 + random.nextInt(180)));
    }

    private void giveBack() throws IOException {
      pool.release(new ReleaseRequest(run, "faulty", "h", token, "the host is gone", ""));
      if (pool.standing(token).isEmpty()) {
        token = "";
        takenAt = Instant.MAX;
        stopsAt = Instant.MAX;
      }
    }

    /** It stops some time after it was told, or never. */
    void told() {
      if (!isTold && !token.isEmpty()) {
        isTold = true;
        boolean hears = random.nextDouble() < 0.6;
        stopsAt = hears ? now.plusSeconds(10 + random.nextInt(190)) : Instant.MAX;
      }
    }
  }

  /** What the watch says to the runs. */
  private final class Orders implements StopOrders {
    @Override
    public Optional<CapacityTerms> terms(Execution by) {
      return Optional.empty();
    }

    @Override
    public void stop(Execution by, String why) {
      runs.stream().filter(each -> each.run.equals(by.run())).forEach(Asking::told);
    }
  }

  private static Execution by(String run) {
    return new Execution("fettle", run, "execution");
  }

  /** The runs go on, whatever becomes of their hosts. */
  private static final class OpenRuns implements Runs {
    @Override
    public String namespace() {
      return "fettle";
    }

    @Override
    public State state(Execution execution) {
      return State.OPEN;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
