package io.fettle.activities.capacity.policy;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is left alone for a while, and why. An empty text stands for any.
 *
 * @param market its name
 * @param type of the machine; of a {@link Kind#QUOTA} the family, such as {@code g5}
 * @param zone of a {@link Kind#QUOTA} the region
 * @param execution the only one that it counts for
 */
record Shun(
    String pool,
    String market,
    String type,
    String zone,
    String execution,
    Kind kind,
    String code,
    String sentence,
    Instant until) {
  private static final Duration EMPTY = Duration.ofMinutes(5);
  private static final Duration DEAR = Duration.ofMinutes(10);

  /** Only a person changes a quota, and says nothing when it is done. */
  private static final Duration QUOTA = Duration.ofHours(1);

  /** "Unsupported" is said for a while of what is usually there, too. */
  private static final Duration NOT_THERE = Duration.ofHours(1);

  /** As long as an execution may take to ask the other pools; another one tries anew. */
  private static final Duration PEOPLE = Duration.ofMinutes(10);

  /** What a refusal teaches. */
  static List<Shun> of(Offer offer, String execution, Refusal refusal, Instant now) {
    var places = refusal.places().isEmpty() ? offer.places() : refusal.places();
    return switch (refusal.kind()) {
      case THROTTLE, ENDED -> List.of();
      case PERMISSION, TEMPLATE -> List.of(pool(offer.pool(), execution, refusal, now));
      case STOCKOUT, UNKNOWN -> at(places, offer, refusal, now.plus(EMPTY)).toList();
      case PRICE -> at(places, offer, refusal, now.plus(DEAR)).toList();
      case UNSUPPORTED ->
          at(places, offer, refusal, now.plus(refusal.places().isEmpty() ? EMPTY : NOT_THERE))
              .toList();
      case QUOTA ->
          places.stream()
              .map(
                  place ->
                      shun(offer, place.type(), region(place.zone()), refusal, now.plus(QUOTA)))
              .distinct()
              .toList();
    };
  }

  /** The whole pool, for one execution. */
  static Shun pool(String pool, String execution, Refusal refusal, Instant now) {
    return new Shun(
        pool,
        "",
        "",
        "",
        execution,
        refusal.kind(),
        refusal.code(),
        refusal.sentence(),
        now.plus(PEOPLE));
  }

  private static Stream<Shun> at(List<Place> places, Offer offer, Refusal refusal, Instant until) {
    return places.stream().map(place -> shun(offer, place.type(), place.zone(), refusal, until));
  }

  private static Shun shun(Offer offer, String type, String zone, Refusal refusal, Instant until) {
    return new Shun(
        offer.pool(),
        offer.market().name(), // what spot does not have, on-demand may
        type,
        zone,
        "",
        refusal.kind(),
        refusal.code(),
        refusal.sentence(),
        until);
  }

  boolean covers(String inPool, Market by, Place place, String asking) {
    return pool.equals(inPool)
        && fits(market, by.name())
        && fits(type, place.type())
        && fits(zone, kind == Kind.QUOTA ? region(place.zone()) : place.zone())
        && fits(execution, asking);
  }

  /** Whether it is about the same, so that the later one stands. */
  boolean isLike(Shun other) {
    return pool.equals(other.pool)
        && market.equals(other.market)
        && type.equals(other.type)
        && zone.equals(other.zone)
        && execution.equals(other.execution)
        && kind == other.kind;
  }

  /** Whether time alone brings it back. */
  boolean isPassing() {
    return switch (kind) {
      case STOCKOUT, PRICE, THROTTLE, ENDED, UNKNOWN -> true;
      case QUOTA, PERMISSION, TEMPLATE, UNSUPPORTED -> false;
    };
  }

  boolean needsPeople() {
    return kind == Kind.PERMISSION || kind == Kind.TEMPLATE;
  }

  private static boolean fits(String wanted, String actual) {
    return wanted.isEmpty() || wanted.equals(actual);
  }

  /**
   * {@code eu-west-1a} and {@code us-central1-a} lie in {@code eu-west-1} and {@code us-central1}.
   */
  static String region(String zone) {
    return zone.replaceFirst("-?[a-z]$", "");
  }
}
