package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.Capacity.Spent;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.elastic.Book.Ended;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What hosts have cost, by the records of ended acquisitions in all pools and the time that open
 * ones have stood. Safe for concurrent use.
 */
public final class Spending {
  private static final String EXPERIMENTS = "capacity/experiments/";
  private static final String TERMS = "capacity/terms/";

  private final ObjectStore store;
  private final Map<String, Ended> ended = new ConcurrentHashMap<>(); // they never change

  public Spending(ObjectStore store) {
    this.store = store;
  }

  /**
   * What a run's hosts have cost, and may.
   *
   * @param cap dollars; empty: none
   * @param experiment whose runs share {@code togetherCap}; empty: none
   * @param together what the hosts of its runs have cost
   */
  public record Bill(
      Spent spent,
      Optional<Double> cap,
      Optional<String> experiment,
      Spent together,
      Optional<Double> togetherCap) {}

  public Bill bill(String run, Instant now) throws IOException {
    var standing = standing(now);
    var terms =
        kept(run)
            .or(() -> standing.stream().filter(isOf(run)).map(Standing::terms).findFirst())
            .orElse(CapacityTerms.NONE);
    var together =
        terms.experiment().isPresent()
            ? together(runs(terms.experiment().get()), standing)
            : Spent.NOTHING;
    return new Bill(
        of(run, standing),
        terms.dollars(),
        terms.experiment(),
        together,
        terms.experimentDollars());
  }

  private static Predicate<Standing> isOf(String run) {
    return each -> each.by().run().equals(run);
  }

  /** Of all these runs, until what is open was looked at. */
  public Spent together(List<String> runs, List<Standing> standing) throws IOException {
    var sum = Spent.NOTHING;
    for (var run : runs) {
      sum = sum.plus(of(run, standing));
    }
    return sum;
  }

  /** Of one run, until what is open was looked at. */
  public Spent of(String run, List<Standing> standing) throws IOException {
    var sum = Spent.NOTHING;
    var over = new HashSet<String>(); // their marks may be there a moment longer
    for (var object : store.list(Book.endedOf(run))) {
      var end = ended(object.key());
      over.add(end.token());
      sum = sum.plus(end.dollars() == null ? new Spent(0, 1) : new Spent(end.dollars(), 0));
    }
    for (var each : standing) {
      if (isOf(run).test(each) && each.place().isPresent() && !over.contains(each.token())) {
        sum = sum.plus(accrued(each.place().get(), each.since(), each.until()));
      }
    }
    return sum;
  }

  public Spent of(String run, Instant now) throws IOException {
    return of(run, standing(now));
  }

  /** What is open in any pool that the store knows, whether or not it is set up here. */
  public List<Standing> standing(Instant now) throws IOException {
    var standing = new ArrayList<Standing>();
    for (var pool : Book.pools(store)) {
      standing.addAll(new Book(store, pool).standing(now));
    }
    return List.copyOf(standing);
  }

  private static Spent accrued(Place place, Instant since, Instant until) {
    return place.dollarsPerHour() < 0
        ? new Spent(0, 1)
        : new Spent(Book.dollars(place.dollarsPerHour(), Book.seconds(since, until)), 0);
  }

  private Ended ended(String key) throws IOException {
    var known = ended.get(key);
    if (known == null) {
      var found = store.find(key);
      known =
          Wire.mapper()
              .readValue(
                  found.orElseThrow(
                      () -> new IOException(key + " was listed and is gone; nothing deletes it")),
                  Ended.class);
      ended.put(key, known);
    }
    return known;
  }

  /** What a run may cost, from now on. */
  public void keep(String run, CapacityTerms terms) throws IOException {
    store.put(terms(run), Wire.mapper().writeValueAsBytes(terms));
  }

  /** The same where nothing is kept yet: whoever says so may know less than was kept. */
  public void keepFirst(String run, CapacityTerms terms) throws IOException {
    store.putIfAbsent(terms(run), Wire.mapper().writeValueAsBytes(terms));
  }

  public Optional<CapacityTerms> kept(String run) throws IOException {
    var found = store.find(terms(run));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().readValue(found.get(), CapacityTerms.class));
  }

  /** The runs that ever asked for a host that costs something. */
  public List<String> paying() throws IOException {
    return store.list(TERMS).stream()
        .map(object -> object.key().substring(TERMS.length()).replaceFirst("[.]json$", ""))
        .toList();
  }

  private static String terms(String run) {
    return TERMS + run + ".json";
  }

  /** Notes that the run is one of the experiment's. Safe to repeat. */
  public void enter(String experiment, String run) throws IOException {
    store.putIfAbsent(EXPERIMENTS + experiment + "/" + run, new byte[0]);
  }

  /** The runs of the experiment that ever asked for a host. */
  public List<String> runs(String experiment) throws IOException {
    var prefix = EXPERIMENTS + experiment + "/";
    var runs = new ArrayList<String>();
    for (var object : store.list(prefix)) {
      runs.add(object.key().substring(prefix.length()));
    }
    return List.copyOf(runs);
  }

  /** What a host costs in that time; nothing where its price is not known. */
  public static double dollars(Standing each, Duration time) {
    var price = each.place().map(Place::dollarsPerHour).orElse(0.0);
    return price < 0 ? 0 : Book.dollars(price, (double) time.toSeconds());
  }
}
