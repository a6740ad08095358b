package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.StopOrders;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.KeepTerms;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetsTest {
  @TempDir Path folder;
  private final PricedCloud cloud = new PricedCloud(List.of());
  private final Orders orders = new Orders();
  private ObjectStore store;
  private Instant now = Instant.parse("2026-11-28T10:00:00Z");

  /** A run that hears and does nothing; {@code amended} is what it answers. */
  private static final class Orders implements StopOrders {
    final List<String> stopped = new ArrayList<>();
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    Optional<CapacityTerms> amended = Optional.empty();
    Runnable meanwhile = () -> {};

    @Override
    public Optional<CapacityTerms> terms(Execution by) {
      asked.add(by.run());
      meanwhile.run();
      return amended;
    }

    @Override
    public void stop(Execution by, String why) {
      stopped.add(by.run() + " " + why);
    }
  }

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.toUri());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void a_run_is_told_to_stop_while_stopping_and_a_lease_are_still_paid_for() throws IOException {
    acquire("run", "t-1", 2.0, PricedCloud.terms(Optional.of(1.0), Optional.empty()));
    now = now.plus(Duration.ofMinutes(11));
    assertThat(look()).isEmpty();

    now = now.plus(Duration.ofMinutes(1));
    assertThat(look()).singleElement().asString().contains("run run is told to stop");
    assertThat(orders.stopped)
        .containsExactly(
            "run budget: 0.40 dollars spent, 0.00 left; the run may cost 1.00 dollars; fettle amend --budget raises it, unpause"
                + " goes on");
    assertThat(cloud.machines("t-1").getFirst().mayCost()).isTrue();
  }

  @Test
  void a_host_that_did_not_stop_in_time_is_given_back_anyway() throws IOException {
    acquire("run", "t-1", 2.0, PricedCloud.terms(Optional.of(1.0), Optional.empty()));
    now = now.plus(Duration.ofMinutes(15));
    assertThat(look())
        .singleElement()
        .asString()
        .contains("acquisition t-1 of run run is given back");
    assertThat(cloud.machines("t-1").getFirst().mayCost()).isFalse();
    assertThat(Capacity.spent(store, "run", now).dollars()).isEqualTo(0.5);
    assertThat(look()).isEmpty();
  }

  @Test
  void an_amended_budget_counts_at_once() throws IOException {
    acquire("run", "t-1", 2.0, PricedCloud.terms(Optional.of(1.0), Optional.empty()));
    now = now.plus(Duration.ofMinutes(20));
    orders.amended = Optional.of(PricedCloud.terms(Optional.of(9.0), Optional.empty()));
    assertThat(look()).isEmpty();
    orders.amended = Optional.of(PricedCloud.terms(Optional.of(0.7), Optional.empty()));
    assertThat(look()).hasSize(1);
  }

  @Test
  void a_run_without_a_cap_is_asked_rarely_and_one_with_a_cap_at_each_look() throws IOException {
    var none = PricedCloud.terms(Optional.empty(), Optional.empty());
    acquire("free", "t-1", 2.0, none);
    orders.amended = Optional.of(none);
    var budgets = budgets();
    for (int i = 0; i < 15; i++) {
      budgets.look();
      now = now.plusSeconds(20);
    }
    assertThat(orders.asked).containsExactly("free");

    orders.amended = Optional.of(PricedCloud.terms(Optional.of(0.1), Optional.empty()));
    assertThat(budgets.look()).as("a cap that it was given later").hasSize(1);

    orders.amended = Optional.of(PricedCloud.terms(Optional.of(9.0), Optional.empty()));
    acquire("capped", "t-2", 2.0, orders.amended.get());
    orders.asked.clear();
    budgets.look();
    budgets.look();
    assertThat(orders.asked).filteredOn("capped"::equals).hasSize(2);
  }

  @Test
  void an_amended_budget_that_was_heard_once_counts_while_the_run_is_silent() throws IOException {
    acquire("run", "t-1", 2.0, PricedCloud.terms(Optional.of(1.0), Optional.empty()));
    orders.amended = Optional.of(PricedCloud.terms(Optional.of(9.0), Optional.empty()));
    assertThat(look()).isEmpty();

    orders.amended = Optional.empty();
    now = now.plus(Duration.ofMinutes(20));
    assertThat(look()).isEmpty();
    assertThat(cloud.machines("t-1").getFirst().mayCost()).isTrue();

    now = now.plus(Duration.ofHours(4)); // the raised one is as hard
    assertThat(look()).singleElement().asString().contains("is given back", "9.00 dollars");
  }

  @Test
  void an_answer_from_before_an_amendment_undoes_nothing() throws IOException {
    var before = PricedCloud.terms(Optional.of(1.0), Optional.empty());
    acquire("run", "t-1", 2.0, before);
    now = now.plus(Duration.ofMinutes(20));
    orders.amended = Optional.of(before);
    orders.meanwhile = () -> amend("run", 9.0);
    assertThat(look()).isEmpty();

    orders.amended = Optional.empty();
    orders.meanwhile = () -> {};
    assertThat(look()).isEmpty();
  }

  @Test
  void a_budget_counts_from_the_order_on_although_the_run_is_silent() throws IOException {
    acquire("run", "t-1", 2.0, PricedCloud.terms(Optional.of(1.0), Optional.empty()));
    amend("run", 9.0);
    now = now.plus(Duration.ofMinutes(20));
    assertThat(look()).isEmpty();

    amend("run", 0.7);
    assertThat(look()).singleElement().asString().contains("is given back", "0.70 dollars");
  }

  /** As the run's workflow does before it answers the order. */
  private void amend(String run, double dollars) {
    var activities = Capacity.activities(List.of(pool()), store, () -> now);
    var terms = PricedCloud.terms(Optional.of(dollars), Optional.empty());
    activities.keepTerms(new KeepTerms(run, terms));
  }

  @Test
  void the_runs_of_an_experiment_stop_together() throws IOException {
    var terms = PricedCloud.terms(Optional.empty(), Optional.of(2.0));
    for (var run : List.of("one", "two")) {
      purses().of(run, terms);
      acquire(run, "t-" + run, 2.0, terms);
    }
    now = now.plus(Duration.ofMinutes(12));
    assertThat(look()).hasSize(2);
    assertThat(orders.stopped.getFirst()).contains("experiment sweep may cost 2.00 dollars");
  }

  @Test
  void a_price_that_is_not_known_costs_nothing_here_and_is_counted() throws IOException {
    acquire("run", "t-1", -1, PricedCloud.terms(Optional.of(1.0), Optional.empty()));
    now = now.plus(Duration.ofHours(9));
    assertThat(look()).isEmpty();
    assertThat(Capacity.spent(store, "run", now)).isEqualTo(new Capacity.Spent(0, 1));
  }

  /** Whatever the price and cap, however late the look, and although the run never listens. */
  @Test
  void no_run_ever_costs_more_than_its_cap() throws IOException {
    var random = new Random(3);
    for (int round = 0; round < 15; round++) {
      var run = "run-" + round;
      double price = 0.5 + 30 * random.nextDouble();
      double cap = price * (0.5 + 2 * random.nextDouble());
      var terms = PricedCloud.terms(Optional.of(cap), Optional.empty());
      for (int host = 0; purses().of(run, terms).left().orElseThrow() >= price * 0.475; host++) {
        acquire(run, run + "-t" + host, price, terms);
        var lost = now.plus(Duration.ofMinutes(random.nextInt(90)));
        while (now.isBefore(lost)) {
          now = now.plusSeconds(20 + random.nextInt(40)); // a look, or one that was late
          look();
        }
        pool().release(release(run, run + "-t" + host));
      }
      assertThat(Capacity.spent(store, run, now).dollars()).as(run).isLessThanOrEqualTo(cap);
      assertThat(Capacity.spent(store, run, now).dollars()).as(run).isPositive();
    }
  }

  private static ReleaseRequest release(String run, String token) {
    return new ReleaseRequest(run, "aws", "h", token, "lost", "");
  }

  private List<String> look() throws IOException {
    return budgets().look();
  }

  private Budgets budgets() {
    return new Budgets(List.of(pool()), purses(), orders, () -> now);
  }

  private void acquire(String run, String token, double price, CapacityTerms terms)
      throws IOException {
    var place = new Place("g5.xlarge", "eu-west-1a", price);
    var offer = new Offer("aws", "a10g-24gb-x1", price, "", Market.SPOT, List.of(place));
    pool().acquire(new AcquireRequest(run, offer, token, terms), new Execution("fettle", run, "e"));
  }

  private StorePurses purses() {
    return new StorePurses(store, () -> now);
  }

  private Pool pool() {
    return new ElasticPool(
        cloud, "owner", store, ElasticPool.Patience.USUAL, () -> now, ElasticPool.Crash.NEVER);
  }
}
