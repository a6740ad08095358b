package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.StopOrders;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One run with a cap on a faulty provider: hosts come and go until it can pay for no other. Time is
 * simulated; intents, records and the watch are the product's.
 */
final class BudgetTrial {
  private static final Duration LOOK = Duration.ofSeconds(20);
  private static final String RUN = "run";
  private static final double LEAST_HOURS = 0.475;

  private final Random random;
  private final boolean watched;
  private final ObjectStore store;
  private final FaultyCloud cloud;
  private final double price;
  private final CapacityTerms terms;
  private final double cap;
  private final Orders orders = new Orders();
  private Instant now = Instant.parse("2026-11-28T00:00:00Z");
  private Instant lookedAt = now;
  private Instant awayUntil = now;
  private int hosts;
  private Pool pool;

  /** The provider's own bill beside the cap. */
  record Outcome(double dollars, double cap) {
    boolean isOver() {
      return dollars > cap;
    }
  }

  /** A run that stops some time after it was told, or never. */
  private final class Orders implements StopOrders {
    private Optional<Instant> stopsAt = Optional.empty();

    @Override
    public Optional<CapacityTerms> terms(Execution by) {
      return Optional.empty();
    }

    @Override
    public void stop(Execution by, String why) {
      if (stopsAt.isEmpty()) {
        boolean hears = random.nextDouble() < 0.6;
        stopsAt = Optional.of(hears ? now.plusSeconds(10 + random.nextInt(190)) : Instant.MAX);
      }
    }
  }

  private BudgetTrial(long seed, boolean watched, ObjectStore store) {
    random = new Random(seed);
    this.watched = watched;
    this.store = store;
    cloud = new FaultyCloud(random, () -> now);
    price = 0.5 + 40 * random.nextDouble();
    cap = price * (0.5 + 4 * random.nextDouble());
    terms =
        new CapacityTerms(
            Market.SPOT,
            Integer.MAX_VALUE,
            Optional.empty(),
            Optional.of(cap),
            Optional.empty(),
            Optional.empty(),
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
    while (Capacity.spent(store, RUN, now).dollars() + price * LEAST_HOURS <= cap) {
      var token = "t-" + hosts++;
      acquire(token);
      var taken = now.plus(Duration.ofMinutes(5 + random.nextInt(180)));
      while (cloud.lives(token) && now.isBefore(taken)) {
        pass(token);
      }
      cloud.end(token);
      while (!isClosed(token)) {
        pass(token);
      }
    }
    return new Outcome(cloud.dollars(), cap);
  }

  /** Tried again as the activity is, by the same token. */
  private void acquire(String token) {
    var place = new Place("type", "zone", price);
    var offer = new Offer("faulty", "shape", price, "", Market.SPOT, List.of(place));
    for (boolean done = false; !done; ) {
      try {
        pool.acquire(new AcquireRequest(RUN, offer, token, terms), by());
        done = true;
      } catch (Refusal released) {
        done = true; // by the watch, while its reply was lost
      } catch (IOException away) {
        pass(token);
      }
    }
  }

  private boolean isClosed(String token) {
    try {
      pool.release(new ReleaseRequest(RUN, "faulty", "h", token, "the host is gone", ""));
      return pool.standing(token).isEmpty();
    } catch (IOException away) {
      return false;
    }
  }

  /** Twenty seconds, in which the control side looks unless it is away. */
  private void pass(String token) {
    now = now.plus(LOOK).plusSeconds(random.nextInt(20));
    if (random.nextDouble() < 0.005) {
      awayUntil = now.plus(Duration.ofMinutes(1 + random.nextInt(40)));
      pool = started();
    }
    if (now.isBefore(awayUntil)) {
      if (Duration.between(lookedAt, now).compareTo(terms.lease()) > 0) {
        cloud.end(token); // nobody renewed it, so it ended itself
      }
      return;
    }
    if (orders.stopsAt.filter(now::isAfter).isPresent()) {
      orders.stopsAt = Optional.empty();
      isClosed(token);
    }
    look();
  }

  private void look() {
    try {
      pool.sweep(new OpenRuns(), now);
      lookedAt = now;
      if (watched) {
        Capacity.budgets(List.of(pool), store, () -> now, orders).look();
      }
    } catch (IOException away) {
      lookedAt = now; // a part of it was done, and the next look is soon
    }
  }

  /** As a control worker that has just started: it knows what is in the store. */
  private Pool started() {
    var patience = new ElasticPool.Patience(Duration.ofDays(9), Duration.ofSeconds(75));
    return new ElasticPool(cloud, "owner", store, patience, () -> now, ElasticPool.Crash.NEVER);
  }

  private static Execution by() {
    return new Execution("fettle", RUN, "execution");
  }

  /** The run goes on, whatever becomes of its hosts. */
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
