package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.Capacity.StopOrders;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Stops runs before their hosts cost more than they may. A run is told to save and stop once what
 * it has spent, the cost of stopping and one lease of every live host reach the cap; what has not
 * stopped when only the lease is left is given back anyway. What it has to know of amendments is in
 * the store, so a run that does not answer loses nothing by that; any number of control workers may
 * look, and a new one goes on where the last one was.
 */
final class Budgets implements Capacity.Watch {
  /** Of a run that began without a cap, which an operator may have given one meanwhile. */
  private static final Duration RARELY = Duration.ofMinutes(5);

  private final List<Pool> pools;
  private final StorePurses purses;
  private final StopOrders orders;
  private final InstantSource clock;
  private final Map<String, Instant> asked = new HashMap<>(); // runs without a cap

  Budgets(List<Pool> pools, StorePurses purses, StopOrders orders, InstantSource clock) {
    this.pools = List.copyOf(pools);
    this.purses = purses;
    this.orders = orders;
    this.clock = clock;
  }

  @Override
  public List<String> look() throws IOException {
    var standing = purses.standing();
    var byRun = new TreeMap<String, Standing>();
    standing.stream()
        .filter(each -> orders.isOurs(each.by()))
        .forEach(each -> byRun.put(each.by().run(), each));
    asked.keySet().retainAll(byRun.keySet());
    var kept = kept(byRun.keySet());
    var said = said(byRun.values().stream().filter(this::isDue).toList());
    var done = new ArrayList<String>();
    var failed = new ArrayList<IOException>();
    for (var each : byRun.values()) {
      try {
        var run = each.by().run();
        var terms =
            newest(each, Optional.ofNullable(kept.get(run)), Optional.ofNullable(said.get(run)));
        if (!capsOf(terms).isEmpty()) {
          done.addAll(look(each.by(), terms, standing));
        }
      } catch (IOException away) {
        failed.add(away); // a provider's no about one run lets no other spend on
      }
    }
    if (!failed.isEmpty()) {
      throw failed.getFirst();
    }
    return done;
  }

  private boolean isDue(Standing each) {
    if (!capsOf(each.terms()).isEmpty()) {
      return true;
    }
    var last = asked.get(each.by().run());
    return last == null || Duration.between(last, clock.instant()).compareTo(RARELY) >= 0;
  }

  /**
   * What runs say that they may cost. All are asked at once: one that is silent delays no other.
   */
  private Map<String, CapacityTerms> said(List<Standing> runs) {
    var answers = new TreeMap<String, Future<Optional<CapacityTerms>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var each : runs) {
        answers.put(each.by().run(), threads.submit(() -> orders.terms(each.by())));
      }
    }
    var said = new TreeMap<String, CapacityTerms>();
    answers.forEach(
        (run, answer) -> {
          if (answer.state() == Future.State.SUCCESS) {
            answer.resultNow().ifPresent(terms -> said.put(run, terms));
          }
        });
    for (var each : runs) {
      var terms = said.get(each.by().run());
      if (terms != null && capsOf(terms).isEmpty()) {
        asked.put(each.by().run(), clock.instant());
      }
    }
    return said;
  }

  private Map<String, CapacityTerms> kept(Set<String> runs) throws IOException {
    var kept = new TreeMap<String, CapacityTerms>();
    for (var run : runs) {
      purses.kept(run).ifPresent(terms -> kept.put(run, terms));
    }
    return kept;
  }

  /**
   * The run's own word; where it says none, the last that was heard or kept. What was kept while
   * the runs were asked is newer than an answer.
   */
  private CapacityTerms newest(
      Standing each, Optional<CapacityTerms> before, Optional<CapacityTerms> said)
      throws IOException {
    var run = each.by().run();
    var kept = purses.kept(run);
    var known = kept.orElse(each.terms());
    if (said.isEmpty() || said.get().equals(known) || !kept.equals(before)) {
      return known;
    }
    purses.keep(run, said.get()); // an order that is on its way, or of a release that kept none
    return said.get();
  }

  private List<String> look(Execution by, CapacityTerms terms, List<Standing> standing)
      throws IOException {
    var purse = purses.purse(by.run(), terms, standing, each -> Purse.stopping(each.terms()));
    if (!isSpent(purse)) {
      return List.of();
    }
    var why =
        "budget: %s; %s"
            .formatted(
                purse.show(), capsOf(terms) + "; fettle amend --budget raises it, unpause goes on");
    orders.stop(by, why);
    var rest = purses.purse(by.run(), terms, standing, each -> each.terms().lease());
    if (!isSpent(rest)) {
      return List.of("run " + by.run() + " is told to stop: " + why);
    }
    var done = new ArrayList<String>();
    for (var each : standing) {
      if (each.by().run().equals(by.run()) && orders.isOurs(each.by())) {
        giveBack(each, why);
        done.add(
            "acquisition %s of run %s is given back: %s".formatted(each.token(), by.run(), why));
      }
    }
    return done;
  }

  private void giveBack(Standing each, String why) throws IOException {
    for (var pool : pools) {
      var named = pool.named(each.pool());
      if (named.isPresent()) {
        named
            .get()
            .release(new ReleaseRequest(each.by().run(), each.pool(), "", each.token(), why, ""));
      }
    }
  }

  private static boolean isSpent(Purse purse) {
    return purse.left().isPresent() && purse.left().getAsDouble() <= 0;
  }

  private static String capsOf(CapacityTerms terms) {
    var caps = new ArrayList<String>();
    terms.dollars().ifPresent(cap -> caps.add("the run may cost " + dollars(cap)));
    terms
        .experimentDollars()
        .ifPresent(
            cap ->
                caps.add(
                    "experiment %s may cost %s"
                        .formatted(terms.experiment().orElse("?"), dollars(cap))));
    return String.join(", ", caps);
  }

  private static String dollars(double cap) {
    return String.format(Locale.ROOT, "%.2f dollars", cap);
  }
}
