package io.fettle.activities.capacity.setup;

import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a cloud lists of a pool's places. */
public final class Listing {
  private Listing() {}

  /**
   * Every type in every zone.
   *
   * @param price of a type, in dollars an hour; -1: not known
   */
  public static List<Place> places(
      Collection<String> types, Collection<String> zones, ToDoubleFunction<String> price) {
    var places = new ArrayList<Place>();
    for (var type : types) {
      for (var zone : zones) {
        places.add(new Place(type, zone, price.applyAsDouble(type)));
      }
    }
    return List.copyOf(places);
  }

  /** Of one place; nothing is to be said of its price. */
  public static Offer offer(String pool, String shape, Market market, Place place) {
    return new Offer(pool, shape, place.dollarsPerHour(), "", market, List.of(place));
  }
}
