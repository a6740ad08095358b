package io.fettle.activities.capacity.policy;

import io.fettle.activities.capacity.Refusal;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses offers from what pools list, and learns from what providers refuse and take back. The
 * same questions in the same order get the same answers. Safe for concurrent use.
 */
public final class Policy {
  /** From the choice of an elastic host to its first new step, on the safe side. */
  public static final Duration CHANGEOVER = Duration.ofMinutes(10);

  private static final double SOONEST = 5; // seconds
  private static final double LATEST = 600;
  private static final double SECONDS_AN_HOUR = 3600;

  private final Memory memory = new Memory();
  private final Duration changeover;

  public Policy(Duration changeover) {
    this.changeover = changeover;
  }

  /**
   * What one pool said.
   *
   * @param silent why it said nothing; empty: it answered
   */
  public record Listing(
      String pool, int placesAtOnce, List<Offer> offers, Optional<String> silent) {
    public Listing {
      offers = List.copyOf(offers);
    }
  }

  /**
   * @param execution of the run, for which alone a pool that needs people stays off
   * @param listings of the pools asked, in the spec's order
   */
  public record Asked(
      CapacityRequest request, String execution, List<Listing> listings, Purse purse) {
    public Asked {
      listings = List.copyOf(listings);
    }
  }

  public Answer choose(Asked asked, Instant now) {
    var candidates = candidates(asked, now);
    var spot = candidates.stream().filter(each -> each.offer().market() == Market.SPOT).toList();
    var stance = Stance.of(asked.request().terms(), asked.request().progress(), changeover);
    var route = Route.of(asked.request(), stance, spot);
    var best =
        candidates.stream()
            .filter(each -> each.isOpen() && rank(each, route) >= 0)
            .sorted(
                Comparator.<Candidate>comparingInt(each -> rank(each, route))
                    .thenComparing(Candidate.BEST_FIRST))
            .toList();
    return best.isEmpty()
        ? new Nothing(asked, candidates, route, memory, now).answer()
        : chosen(asked, best, route);
  }

  /** Where nothing is paid for, no market has to be asked for. */
  private static int rank(Candidate each, Route route) {
    return each.isOwned() ? 0 : route.markets().indexOf(each.offer().market());
  }

  private Answer chosen(Asked asked, List<Candidate> best, Route route) {
    var first = best.getFirst();
    if (first.offer().places().isEmpty()) {
      return new Answer.Chosen(first.offer());
    }
    int most = Math.max(1, asked.listings().get(first.order()).placesAtOnce());
    var together = best.stream().filter(first::sharesCallWith).limit(most).toList();
    var places = together.stream().map(Candidate::place).toList();
    boolean known = places.stream().allMatch(place -> place.dollarsPerHour() >= 0);
    double dearest = places.stream().mapToDouble(Place::dollarsPerHour).max().orElse(-1);
    var reason =
        "%s of %s: %s; %s; %s"
            .formatted(
                word(first.offer().market()),
                first.offer().pool(),
                together.stream().map(Candidate::show).collect(Collectors.joining(", ")),
                route.why(),
                asked.purse().show());
    return new Answer.Chosen(
        new Offer(
            first.offer().pool(),
            first.offer().shape(),
            known ? dearest : -1,
            reason,
            first.offer().market(),
            places));
  }

  private List<Candidate> candidates(Asked asked, Instant now) {
    var found = new ArrayList<Candidate>();
    for (int order = 0; order < asked.listings().size(); order++) {
      for (var offer : asked.listings().get(order).offers()) {
        for (var place : offer.places().isEmpty() ? List.of(nowhere(offer)) : offer.places()) {
          found.add(candidate(asked, order, offer, place, now));
        }
      }
    }
    return found;
  }

  private Candidate candidate(Asked asked, int order, Offer offer, Place place, Instant now) {
    var price = place.dollarsPerHour();
    return new Candidate(
        order,
        offer,
        place,
        memory.shun(offer.pool(), offer.market(), place, asked.execution(), now),
        memory.interruptions(offer.pool(), offer.market(), place, now),
        asked.purse().pays(price < 0 ? -1 : price * least(asked.request().terms())));
  }

  private double least(CapacityTerms terms) {
    return Purse.least(terms, changeover).toSeconds() / SECONDS_AN_HOUR;
  }

  private static Place nowhere(Offer offer) {
    return new Place("", "", offer.dollarsPerHour());
  }

  static String word(Market market) {
    return switch (market) {
      case SPOT -> "spot";
      case ON_DEMAND -> "on-demand";
      case RESERVED -> "reserved";
      case OWNED -> "a host";
    };
  }

  static Duration within(double seconds) {
    return Duration.ofSeconds((long) Math.clamp(seconds, SOONEST, LATEST));
  }

  /**
   * Whether a launch may be tried now, of all runs: one that was refused counts for a minute.
   *
   * @return how long to wait; empty: it is counted, from {@code now}
   */
  public Optional<Duration> mayLaunch(Instant now) {
    return memory.tries(now);
  }

  /** The launch that began then gave a host. */
  public void launched(Instant began) {
    memory.gave(began);
  }

  public void refused(Offer offer, String execution, Refusal refusal, Instant now) {
    learn(Shun.of(offer, execution, refusal, now), List.of(), now);
  }

  /** A whole pool that said no when it was asked what it has. */
  public void refused(String pool, String execution, Refusal refusal, Instant now) {
    var shun = Shun.pool(pool, execution, refusal, now);
    learn(shun.needsPeople() ? List.of(shun) : List.of(), List.of(), now);
  }

  /** A host there was taken back, or lost. */
  public void taken(String pool, Market market, Place place, Instant now) {
    var taken = new Memory.Taken(pool, market.name(), place.type(), place.zone(), now);
    learn(List.of(), List.of(taken), now);
  }

  private void learn(List<Shun> shuns, List<Memory.Taken> taken, Instant now) {
    memory.add(new Memory.Snapshot(shuns, taken, List.of()), now);
  }

  /** All that was learned, for {@link #recall} by whoever decides next. */
  public byte[] learned() throws IOException {
    return Wire.mapper().writeValueAsBytes(memory.snapshot());
  }

  /** Adds what this one, or another, had {@link #learned}. */
  public void recall(byte[] learned, Instant now) throws IOException {
    memory.add(Wire.mapper().readValue(learned, Memory.Snapshot.class), now);
  }
}
