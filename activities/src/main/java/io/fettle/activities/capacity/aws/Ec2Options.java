package io.fettle.activities.capacity.aws;

import io.fettle.activities.capacity.setup.Listing;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.FleetReservationType;
import software.amazon.awssdk.services.ec2.model.ReservedCapacityOptionsRequest;

/**
 * One pool of hosts in one account and region of EC2.
 *
 * @param pool its name, which its machines carry beside the owner: two pools of one owner may share
 *     an account
 * @param owner mark of whoever may take its machines back
 * @param endpoint empty: the region's own
 * @param launchTemplate its name, or its id ({@code lt-...}); the default version is taken
 * @param zones each with its subnet; empty: the zone's default subnet
 * @param markets that it may buy in
 * @param types machine types by shape
 * @param prices dollars an hour by machine type and market; what is missing is not known
 * @param reserved what its reserved market takes
 */
public record Ec2Options(
    String pool,
    String owner,
    String region,
    Optional<URI> endpoint,
    String launchTemplate,
    Map<String, String> zones,
    List<Market> markets,
    Map<String, List<String>> types,
    Map<String, Map<Market, Double>> prices,
    Reserved reserved) {
  private static final double NOT_KNOWN = -1;

  public Ec2Options {
    zones = Collections.unmodifiableMap(new LinkedHashMap<>(zones));
    markets = List.copyOf(markets);
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    prices = Collections.unmodifiableMap(new LinkedHashMap<>(prices));
  }

  /** As the operator's file says. */
  public static Ec2Options of(PoolSettings settings, String owner) {
    return new Ec2Options(
        settings.name(),
        owner,
        settings.texts().getOrDefault("region", ""),
        settings.endpoint(),
        settings.texts().getOrDefault("launch_template", ""),
        settings.zones(),
        settings.markets().stream().sorted().toList(),
        settings.types(),
        settings.marketPrices(),
        new Reserved(
            settings.words("reservations"),
            Optional.ofNullable(settings.texts().get("capacity_block"))));
  }

  double price(String type, Market market) {
    return prices.getOrDefault(type, Map.of()).getOrDefault(market, NOT_KNOWN);
  }

  /** Everywhere that a machine for the shape may be put, in this market. */
  List<Place> places(String shape, Market market) {
    return Listing.places(
        types.getOrDefault(shape, List.of()), zones.keySet(), type -> price(type, market));
  }

  /** The zone that a subnet lies in; empty: it is none of the pool's. */
  String zoneOf(String subnet) {
    return zones.entrySet().stream()
        .filter(zone -> !subnet.isEmpty() && zone.getValue().equals(subnet))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("");
  }

  /**
   * The capacity that a pool has reserved. Nothing else is ever taken for it: a fleet of reserved
   * capacity falls back to another market only where it is told to (API reference, {@code
   * ReservedCapacityFallbackOptionsRequest}), and it is not.
   *
   * @param reservations ids of on-demand capacity reservations; with no block either, any open one
   *     that matches a machine's type, zone and platform
   * @param block the id of a capacity block; of two a fleet takes none
   */
  public record Reserved(List<String> reservations, Optional<String> block) {
    public static final Reserved ANY_OPEN = new Reserved(List.of(), Optional.empty());

    public Reserved {
      reservations = List.copyOf(reservations);
    }

    ReservedCapacityOptionsRequest fleetOptions() {
      var types = new ArrayList<FleetReservationType>();
      if (block.isEmpty() || !reservations.isEmpty()) {
        types.add(FleetReservationType.ON_DEMAND_CAPACITY_RESERVATION);
      }
      block.ifPresent(_ -> types.add(FleetReservationType.CAPACITY_BLOCK));
      var named = new ArrayList<>(reservations);
      block.ifPresent(named::add);
      var options = ReservedCapacityOptionsRequest.builder().reservationTypes(types);
      return named.isEmpty()
          ? options.build()
          : options.capacityReservationTarget(of -> of.capacityReservationIds(named)).build();
    }
  }
}
