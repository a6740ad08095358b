package io.fettle.activities.capacity.gcp;

import io.fettle.activities.capacity.setup.Listing;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pool of hosts in one project of Google Cloud.
 *
 * @param pool its name, which its machines carry beside the owner: two pools of one owner may share
 *     a project
 * @param owner mark of whoever may take its machines back
 * @param endpoint empty: Google's own; on plain HTTP no credentials are sent
 * @param template an instance template's name, or {@code regions/REGION/instanceTemplates/NAME}
 * @param zones each with its subnet; empty: the template's
 * @param markets that it may buy in
 * @param types machine types by shape
 * @param prices dollars an hour by machine type and market; what is missing is not known
 * @param patience how long one call may take. An operation that goes on for longer is left alone:
 *     the next try finds its machine by name
 */
public record GceOptions(
    String pool,
    String owner,
    String project,
    Optional<URI> endpoint,
    String template,
    Map<String, String> zones,
    List<Market> markets,
    Map<String, List<String>> types,
    Map<String, Map<Market, Double>> prices,
    Duration patience) {
  /** Within the minute that an activity of capacity has. */
  public static final Duration PATIENCE = Duration.ofSeconds(25);

  private static final double NOT_KNOWN = -1;

  public GceOptions {
    zones = Collections.unmodifiableMap(new LinkedHashMap<>(zones));
    markets = List.copyOf(markets);
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    prices = Collections.unmodifiableMap(new LinkedHashMap<>(prices));
  }

  /** As the operator's file says. */
  public static GceOptions of(PoolSettings settings, String owner) {
    return new GceOptions(
        settings.name(),
        owner,
        settings.texts().getOrDefault("project", ""),
        settings.endpoint(),
        settings.texts().getOrDefault("template", ""),
        settings.zones(),
        settings.markets().stream().sorted().toList(),
        settings.types(),
        settings.marketPrices(),
        PATIENCE);
  }

  double price(String type, Market market) {
    return prices.getOrDefault(type, Map.of()).getOrDefault(market, NOT_KNOWN);
  }

  /** Everywhere that a machine for the shape may be put, in this market. */
  List<Place> places(String shape, Market market) {
    return Listing.places(
        types.getOrDefault(shape, List.of()), zones.keySet(), type -> price(type, market));
  }

  /** Credentials are for Google, and for what speaks TLS in its place. */
  boolean signsIn() {
    return endpoint.isEmpty() || !"http".equals(endpoint.get().getScheme());
  }
}
