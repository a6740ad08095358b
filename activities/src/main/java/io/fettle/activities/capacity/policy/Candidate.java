package io.fettle.activities.capacity.policy;

import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * One place in one market, or a pool that has its hosts already.
 *
 * @param order of its pool among those asked, from 0
 * @param offer of it alone, at the price by which it is ranked
 * @param place with the price at which it is counted, and may have to be paid for
 * @param interruptions there lately; see {@link Memory#interruptions}
 * @param payable whether the run can pay for it as long as it may have to
 */
record Candidate(
    int order,
    Offer offer,
    Place place,
    Optional<Shun> shun,
    double interruptions,
    boolean payable) {
  /**
   * In a pool: the offer's price, more by one half for an interruption an hour ago. An unknown
   * price comes last, since nothing says that it is low.
   */
  static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingInt(Candidate::order)
          .thenComparing(candidate -> candidate.offer.dollarsPerHour() < 0)
          .thenComparingDouble(Candidate::score)
          .thenComparing(candidate -> candidate.place.type())
          .thenComparing(candidate -> candidate.place.zone());

  boolean isOwned() {
    return offer.market() == Market.OWNED;
  }

  boolean isOpen() {
    return shun.isEmpty() && payable;
  }

  boolean sharesCallWith(Candidate other) {
    return order == other.order
        && offer.market() == other.offer.market()
        && offer.shape().equals(other.offer.shape());
  }

  private double score() {
    double price = offer.dollarsPerHour();
    return price < 0 ? interruptions : price * (1 + interruptions);
  }

  String show() {
    var lately =
        interruptions < 0.05
            ? ""
            : String.format(Locale.ROOT, ", interruptions lately %.1f", interruptions);
    var note = offer.reason().isEmpty() || isOwned() ? "" : ", " + offer.reason();
    return "%s in %s (%s%s%s)".formatted(place.type(), place.zone(), price(), note, lately);
  }

  private String price() {
    return place.dollarsPerHour() < 0
        ? "price not known"
        : String.format(Locale.ROOT, "%.2f dollars an hour", place.dollarsPerHour());
  }
}
