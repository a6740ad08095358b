package io.fettle.workflows.capacity;

import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;

/**
 * What was chosen, and why.
 *
 * @param shape machine type in the pool's words, as {@code a100-80gb-x8}
 * @param dollarsPerHour of the dearest of its places; where a pool lists one place, the price by
 *     which that is ranked, which may be less; -1: not known
 * @param reason with the numbers that decided
 * @param market one for all places; {@link Market#OWNED} in offers of older releases
 * @param places where the host may be put, best first; none in a pool that has its hosts already
 */
public record Offer(
    String pool,
    String shape,
    double dollarsPerHour,
    String reason,
    Market market,
    List<Place> places) {
  public Offer {
    market = Objects.requireNonNullElse(market, Market.OWNED);
    places = Copies.list(places);
  }

  /** Of a pool whose hosts are there already. */
  public static Offer owned(String pool, String shape, String reason) {
    return new Offer(pool, shape, 0, reason, Market.OWNED, List.of());
  }
}
