package io.fettle.activities.capacity.setup;

import io.fettle.workflows.spec.Market;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One pool of the operator's file.
 *
 * @param provider {@code aws}, {@code gcp}, {@code ray} or {@code static}
 * @param texts the provider's own words, as {@code region}
 * @param zones in order of preference, each with its subnet, which may be empty
 * @param types machine types by shape, where the catalogue is not to say
 * @param prices by machine type, where the catalogue is not to say; of Ray by shape too
 * @param join how long a launched machine's agent may take to its claim
 */
public record PoolSettings(
    String name,
    String provider,
    Map<String, String> texts,
    Map<String, String> zones,
    Set<Market> markets,
    Map<String, List<String>> types,
    Map<String, Price> prices,
    Duration join) {
  public static final Duration JOIN = Duration.ofMinutes(10);

  public PoolSettings {
    texts = Map.copyOf(texts);
    zones = Collections.unmodifiableMap(new LinkedHashMap<>(zones));
    markets = Set.copyOf(markets);
    types = Map.copyOf(types);
    prices = Map.copyOf(prices);
  }

  /** Dollars an hour by machine type and market; -1: not known. */
  public Map<String, Map<Market, Double>> marketPrices() {
    var known = new TreeMap<String, Map<Market, Double>>();
    prices.forEach(
        (type, price) ->
            known.put(
                type,
                Map.of(
                    Market.SPOT, price.spot(),
                    Market.ON_DEMAND, price.onDemand(),
                    Market.RESERVED, price.reserved())));
    return known;
  }

  /** One of the texts that is several, with commas between. */
  public List<String> words(String key) {
    return Pattern.compile("\\s*,\\s*")
        .splitAsStream(texts.getOrDefault(key, ""))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** Whether a client may have it for its endpoint. */
  static boolean isAddress(String text) {
    try {
      var address = new URI(text);
      return text.matches("https?://.*") && address.getHost() != null && address.getPort() < 65_536;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** An address of one's own in place of the provider's. */
  public Optional<URI> endpoint() {
    return Optional.ofNullable(texts.get("endpoint")).map(URI::create);
  }

  /**
   * Dollars an hour; -1: not known.
   *
   * @param reserved what a machine in reserved capacity adds to what that costs anyway: nothing, if
   *     the operator does not say
   */
  public record Price(double spot, double onDemand, double reserved) {
    public static final double UNKNOWN = -1;

    public Price(double spot, double onDemand) {
      this(spot, onDemand, 0);
    }

    /** With what the other knows where this does not. */
    public Price or(Price other) {
      return new Price(
          spot == UNKNOWN ? other.spot : spot,
          onDemand == UNKNOWN ? other.onDemand : onDemand,
          reserved);
    }
  }
}
