package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.FailureType;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of one experiment that ask at once, each from a control worker of its own, in one store. */
@Timeout(60)
class SharedCapTest {
  private static final double PRICE = 2;

  /** Of a host's first 28.5 minutes, and of the 18.5 that stopping one may take. */
  private static final double START = PRICE * 28.5 / 60;

  private static final double STOP = PRICE * 18.5 / 60;

  @TempDir Path folder;
  private final Instant now = Instant.parse("2026-11-28T10:00:00Z");
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.toUri());
  }

  @AfterEach
  void close() throws IOException {
    workers.shutdownNow();
    store.close();
  }

  @Test
  void of_two_runs_that_share_the_money_for_one_host_one_gets_it() throws Exception {
    var terms = PricedCloud.terms(Optional.empty(), Optional.of(START + STOP - 0.1));
    var clouds = List.of(cloud(), cloud());

    var answers = together(clouds, terms);

    assertThat(answers).containsExactly("a host", FailureType.NO_CAPACITY.type());
    assertThat(clouds.get(0).launched).hasSize(1);
    assertThat(clouds.get(1).launched).isEmpty();
    assertThat(new StorePurses(store, () -> now).standing()).hasSize(1);
    assertThat(Capacity.spent(store, "run-1", now)).isEqualTo(Capacity.Spent.NOTHING);
    assertThat(store.list("runs/run-1/acquisitions/")).as("withdrawn, on record").hasSize(1);
  }

  @Test
  void of_many_runs_as_many_get_hosts_as_the_experiment_pays_for() throws Exception {
    var terms = PricedCloud.terms(Optional.empty(), Optional.of(START + 2 * STOP + 0.1));
    var clouds = new ArrayList<PricedCloud>();
    for (int run = 0; run < 8; run++) {
      clouds.add(cloud());
    }

    var answers = together(clouds, terms);

    assertThat(answers.subList(0, 3)).containsOnly("a host");
    assertThat(answers.subList(3, 8)).containsOnly(FailureType.NO_CAPACITY.type());
    assertThat(new StorePurses(store, () -> now).standing()).hasSize(3);
  }

  @Test
  void runs_whose_money_suffices_for_all_do_not_wait_for_each_other() throws Exception {
    var terms = PricedCloud.terms(Optional.empty(), Optional.of(START + STOP + 0.1));
    var clouds = List.of(cloud(), cloud());

    assertThat(together(clouds, terms)).containsOnly("a host");
  }

  private static PricedCloud cloud() {
    return new PricedCloud(List.of(offer()));
  }

  /** Each is told of all the money; then all intents are written before any run goes on. */
  private List<String> together(List<PricedCloud> clouds, CapacityTerms terms) throws Exception {
    var barrier = new CyclicBarrier(clouds.size());
    var told = new ArrayList<Callable<String>>();
    for (int number = 0; number < clouds.size(); number++) {
      told.add(told(number, worker(number, clouds.get(number), barrier), terms));
    }
    var asked = told.stream().map(workers::submit).toList();
    var answers = new ArrayList<String>();
    for (var each : asked) {
      answers.add(answer(each));
    }
    return answers;
  }

  private static String answer(Future<String> asked)
      throws InterruptedException, TimeoutException, ExecutionException {
    return asked.get(30, TimeUnit.SECONDS);
  }

  private static Callable<String> told(int number, PoolActivities worker, CapacityTerms terms) {
    var run = "run-" + number;
    var chosen =
        worker.choose(
            new CapacityRequest(
                run, List.of("aws"), "a10g-24gb-x1", 1, terms, CapacityProgress.NONE, false));
    return () -> acquired(worker, new AcquireRequest(run, chosen, "t-" + number, terms));
  }

  /** Repeated as the activity is, while it is to be asked again. */
  private static String acquired(PoolActivities activities, AcquireRequest request) {
    while (true) {
      try {
        activities.acquire(request);
        return "a host";
      } catch (ApplicationFailure refused) {
        if (refused.isNonRetryable()) {
          return refused.getType();
        }
        assertThat(refused.getNextRetryDelay()).isEqualTo(Duration.ofSeconds(2));
        LockSupport.parkNanos(5_000_000);
      }
    }
  }

  private PoolActivities worker(int number, PricedCloud cloud, CyclicBarrier barrier) {
    var met = new AtomicBoolean();
    var pool =
        new ElasticPool(
            cloud,
            "owner",
            store,
            ElasticPool.Patience.USUAL,
            () -> now,
            () -> now,
            point -> {
              if (point == 2 && met.compareAndSet(false, true)) {
                await(barrier);
              }
            },
            new CapAdmission(new StorePurses(store, () -> now)));
    return new PoolActivities(
        List.of(pool),
        run -> new Execution("fettle", run, "execution-" + number),
        Experience.unkept(() -> now),
        new StorePurses(store, () -> now));
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Offer offer() {
    var place = new Place("g5.xlarge", "eu-west-1a", PRICE);
    return new Offer("aws", "a10g-24gb-x1", PRICE, "", Market.SPOT, List.of(place));
  }
}
