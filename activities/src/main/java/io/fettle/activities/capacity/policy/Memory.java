package io.fettle.activities.capacity.policy;

import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What refusals and interruptions have taught, until it is too old to matter. */
final class Memory {
  /** After which an interruption weighs half. */
  private static final Duration HALF = Duration.ofHours(1);

  private static final Duration FORGOTTEN = Duration.ofHours(12);

  /** Launches that may be refused within {@link #MINUTE}, of all runs together. */
  private static final int TRIES = 6;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** How far another worker's clock may be ahead; what lies further on does not count yet. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  /** Further on than that is a wrong clock's; before, this one may be slow, and others need it. */
  private static final Duration WRONG = Duration.ofMinutes(10);

  private Snapshot known = new Snapshot(List.of(), List.of(), List.of()); // guarded by this

  /** A place that took a host back. */
  record Taken(String pool, String market, String type, String zone, Instant at) {}

  /** What is kept over a restart, and shared by control workers. */
  record Snapshot(List<Shun> shuns, List<Taken> taken, List<Instant> tries) {
    Snapshot {
      shuns = List.copyOf(shuns);
      taken = List.copyOf(taken);
      tries = List.copyOf(tries);
    }
  }

  synchronized Snapshot snapshot() {
    return known;
  }

  synchronized void add(Snapshot more, Instant now) {
    var shuns = new ArrayList<Shun>();
    Stream.concat(known.shuns().stream(), more.shuns().stream())
        .filter(shun -> shun.until().isAfter(now))
        .sorted(Comparator.comparing(Shun::until).reversed())
        .filter(shun -> shuns.stream().noneMatch(shun::isLike))
        .forEach(shuns::add);
    known =
        new Snapshot(
            shuns,
            Stream.concat(known.taken().stream(), more.taken().stream())
                .filter(taken -> isKept(taken.at(), FORGOTTEN, now))
                .distinct()
                .toList(),
            Stream.concat(known.tries().stream(), more.tries().stream())
                .filter(at -> isKept(at, MINUTE, now))
                .distinct()
                .sorted()
                .toList());
  }

  /** The one that ends last of those that cover the place. */
  synchronized Optional<Shun> shun(
      String pool, Market market, Place place, String execution, Instant now) {
    return known.shuns().stream()
        .filter(shun -> shun.until().isAfter(now) && shun.covers(pool, market, place, execution))
        .max(Comparator.comparing(Shun::until));
  }

  /** Of the pool as a whole. */
  synchronized Optional<Shun> shun(String pool, String execution, Instant now) {
    return known.shuns().stream()
        .filter(shun -> shun.until().isAfter(now) && shun.type().isEmpty())
        .filter(shun -> shun.pool().equals(pool) && shun.execution().equals(execution))
        .findFirst();
  }

  /** Recent interruptions there; one just now is 1, one of an hour ago is a half. */
  synchronized double interruptions(String pool, Market market, Place place, Instant now) {
    return known.taken().stream()
        .filter(
            taken ->
                taken.pool().equals(pool)
                    && taken.market().equals(market.name())
                    && taken.type().equals(place.type())
                    && taken.zone().equals(place.zone())
                    && !taken.at().isAfter(now.plus(AHEAD)))
        .mapToDouble(taken -> Math.pow(0.5, ratio(Duration.between(taken.at(), now), HALF)))
        .sum();
  }

  /** Counts a launch against the limit; empty: it may go. Else how long to wait. */
  synchronized Optional<Duration> tries(Instant now) {
    var kept = known.tries().stream().filter(at -> isKept(at, MINUTE, now)).toList();
    var recent = kept.stream().filter(at -> !at.isAfter(now.plus(AHEAD))).toList();
    if (recent.size() >= TRIES) {
      var oldest = recent.get(recent.size() - TRIES);
      return Optional.of(Duration.between(now, oldest.plus(MINUTE)).plusMillis(1));
    }
    var counted = new ArrayList<>(kept);
    var at = now;
    while (counted.contains(at)) {
      at = at.plusNanos(1_000); // each is one of its own
    }
    counted.add(at);
    known = new Snapshot(known.shuns(), known.taken(), counted);
    return Optional.empty();
  }

  /** A launch that gave a host loops nowhere. */
  synchronized void gave(Instant began) {
    var rest = new ArrayList<>(known.tries());
    rest.stream().filter(at -> !at.isBefore(began)).findFirst().ifPresent(rest::remove);
    known = new Snapshot(known.shuns(), known.taken(), rest);
  }

  private static boolean isKept(Instant at, Duration kept, Instant now) {
    return at.plus(kept).isAfter(now) && !at.isAfter(now.plus(WRONG));
  }

  private static double ratio(Duration one, Duration other) {
    return Math.max(0, (double) one.toMillis() / other.toMillis());
  }
}
