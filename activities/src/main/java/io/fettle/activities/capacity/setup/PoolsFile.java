package io.fettle.activities.capacity.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads {@code pools.yaml}: a name, and what its provider needs. All problems are told at once,
 * each with its place and what is allowed.
 */
public final class PoolsFile {
  private static final long LONGEST = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");
  private static final Pattern MINUTES = Pattern.compile("([1-9][0-9]{0,4})m");

  /** Whose machines start infra/launch/boot, and with it the timer that ends them. */
  private static final Set<String> OF_A_TIMER = Set.of("aws", "gcp");

  private static final Duration LONGEST_JOIN = Duration.ofMinutes(25);
  private static final Set<String> COMMON =
      Set.of("provider", "endpoint", "markets", "types", "prices", "join");
  private static final String RESERVATIONS = "reservations";
  private static final String CAPACITY_BLOCK = "capacity_block";
  private static final String RESERVATION = "cr-[0-9a-z]{1,40}";
  private static final Pattern ONE_RESERVATION = Pattern.compile(RESERVATION);
  private static final Pattern MANY_RESERVATIONS =
      Pattern.compile(RESERVATION + "(\\s*,\\s*" + RESERVATION + ")*");
  private static final Map<String, Keys> PROVIDERS =
      Map.of(
          "aws",
              new Keys(
                  Set.of("region", "launch_template", "zones"),
                  Set.of(RESERVATIONS, CAPACITY_BLOCK)),
          "gcp", new Keys(Set.of("project", "template", "zones"), Set.of()),
          "ray",
              new Keys(
                  Set.of("namespace", "image"),
                  Set.of(
                      "queue",
                      "service_account",
                      "head_image",
                      "secret",
                      "entrypoint",
                      "cpu",
                      "memory",
                      "type_label",
                      "spot_nodes",
                      "on_demand_nodes")),
          "static", new Keys(Set.of(), Set.of()));

  /** Of a Ray cluster that is there, in place of one that Kubernetes makes. */
  private static final Keys RAY_HEAD = new Keys(Set.of("dashboard"), Set.of("entrypoint"));

  private static final String DASHBOARD = "dashboard";
  private static final Pattern ADDRESS = Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?");
  private static final Pattern LABELS = Pattern.compile("[^=,\\s]+=[^=,]*(,[^=,\\s]+=[^=,]*)*");

  private final List<String> problems = new ArrayList<>();

  /** Keys of one provider, besides the common ones. */
  private record Keys(Set<String> needed, Set<String> optional) {
    Set<String> all(boolean launches) {
      var all = new TreeSet<>(needed);
      all.addAll(optional);
      all.addAll(launches ? COMMON : Set.of("provider"));
      return all;
    }
  }

  /** What is wrong with the file, every problem a line. */
  public static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1;

    Unreadable(Path file, List<String> problems) {
      super(file + ":\n  " + String.join("\n  ", problems));
    }
  }

  /**
   * The pools of the file, in its order; none where there is no file.
   *
   * @throws Unreadable with every problem
   */
  public static List<PoolSettings> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    if (Files.size(file) > LONGEST) {
      throw new Unreadable(file, List.of("is longer than 1 MiB; it lists pools, nothing else"));
    }
    var reader = new PoolsFile();
    var pools = reader.parse(Files.readString(file));
    if (!reader.problems.isEmpty()) {
      throw new Unreadable(file, reader.problems);
    }
    return pools;
  }

  private List<PoolSettings> parse(String text) {
    var mapper = YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try {
      var tree = mapper.readTree(text);
      var pools = tree == null ? null : tree.get("pools");
      if (pools == null || !pools.isObject()) {
        problems.add("has no map 'pools'; write pools: and under it a name for each");
        return List.of();
      }
      unknown("", tree, Set.of("pools"));
      return pools.properties().stream().map(pool -> pool(pool.getKey(), pool.getValue())).toList();
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      problems.add(
          "line %d is not YAML: %s"
              .formatted(
                  at == null ? 1 : at.getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
      return List.of();
    }
  }

  private PoolSettings pool(String name, JsonNode pool) {
    var path = "pools." + name;
    if (!NAME.matcher(name).matches() || name.equals("local")) {
      problems.add(
          "%s: a pool's name is 1 to 31 of a-z, 0-9 and -, begins with a letter and is not local"
              .formatted(path));
    }
    if (!pool.isObject()) {
      problems.add(path + ": give at least its provider, as {provider: static}");
      pool = pool.isObject() ? pool : new YAMLMapper().createObjectNode();
    }
    var provider = pool.path("provider").asText("");
    var keys = provider.equals("ray") && pool.has(DASHBOARD) ? RAY_HEAD : PROVIDERS.get(provider);
    if (keys == null) {
      problems.add(
          "%s.provider: is %s; known: %s"
              .formatted(
                  path,
                  provider.isEmpty() ? "missing" : provider,
                  String.join(", ", new TreeSet<>(PROVIDERS.keySet()))));
      keys = new Keys(Set.of(), Set.of());
    } else {
      unknown(path + ".", pool, keys.all(!provider.equals("static")));
    }
    for (var key : new TreeSet<>(keys.needed())) {
      if (pool.path(key).isMissingNode() || pool.path(key).isNull()) {
        problems.add("%s.%s: is missing; a pool of %s needs it".formatted(path, key, provider));
      }
    }
    switch (provider) {
      case "ray" -> ray(path, pool);
      case "aws" -> {
        matches(path, pool, RESERVATIONS, MANY_RESERVATIONS, "ids of reservations, as cr-1,cr-2");
        matches(path, pool, CAPACITY_BLOCK, ONE_RESERVATION, "the id of one capacity block");
      }
      case "gcp" -> unreserved(path, provider, pool.path("markets"));
      default -> {} // it has no words of its own
    }
    return settings(name, provider, path, pool);
  }

  private void ray(String path, JsonNode pool) {
    matches(path, pool, DASHBOARD, ADDRESS, "the address of a Ray head, as http://head:8265");
    for (var key : List.of("spot_nodes", "on_demand_nodes")) {
      matches(path, pool, key, LABELS, "labels of nodes, as key=value,key=value");
    }
    for (var key : List.of("endpoint", "markets")) {
      if (pool.has(DASHBOARD) && pool.has(key)) {
        problems.add(
            "%s.%s: says nothing of a cluster that is there; leave it out".formatted(path, key));
      }
    }
    if (!pool.has(DASHBOARD)) {
      unreserved(path, "ray", pool.path("markets"));
    }
  }

  /**
   * Without a reservation's name Compute Engine would launch at the on-demand price, and Kubernetes
   * on any node.
   */
  private void unreserved(String path, String provider, JsonNode markets) {
    for (var market : markets) {
      if (market.asText().equals("reserved")) {
        problems.add(
            "%s.markets: %s has spot and on_demand here; take reserved out"
                .formatted(path, provider));
      }
    }
  }

  private void matches(String path, JsonNode pool, String key, Pattern allowed, String what) {
    var value = pool.path(key);
    if (value.isValueNode() && !allowed.matcher(value.asText()).matches()) {
      problems.add("%s.%s: is to be %s".formatted(path, key, what));
    }
  }

  /** Clients take none other, and would end the worker's start. */
  private void endpoint(String path, JsonNode endpoint) {
    if (endpoint.isValueNode() && !PoolSettings.isAddress(endpoint.asText())) {
      problems.add(path + ".endpoint: is to be an address, as https://host:port");
    }
  }

  private PoolSettings settings(String name, String provider, String path, JsonNode pool) {
    endpoint(path, pool.path("endpoint"));
    var types = types(path, pool.path("types"));
    priced(path, provider, pool.path("prices"), types);
    return new PoolSettings(
        name,
        provider,
        texts(path, pool),
        zones(path, pool.path("zones")),
        markets(path, pool.path("markets")),
        types,
        prices(path, pool.path("prices")),
        join(path, pool.path("join"), provider));
  }

  private void unknown(String path, JsonNode node, Set<String> known) {
    node.properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> !known.contains(key))
        .forEach(key -> unknown(path, key, known));
  }

  private void unknown(String path, String key, Set<String> known) {
    problems.add(
        "%s%s: is no key here; known: %s"
            .formatted(path, key, String.join(", ", new TreeSet<>(known))));
  }

  private Map<String, String> texts(String path, JsonNode pool) {
    var texts = new TreeMap<String, String>();
    for (var field : pool.properties()) {
      if (!Set.of("zones", "markets", "types", "prices", "join").contains(field.getKey())) {
        text(path + "." + field.getKey(), field.getValue())
            .ifPresent(value -> texts.put(field.getKey(), value));
      }
    }
    return texts;
  }

  private Optional<String> text(String path, JsonNode value) {
    if (!value.isValueNode() || value.isNull() || value.asText().isBlank()) {
      problems.add(path + ": is to be a word");
      return Optional.empty();
    }
    return Optional.of(value.asText());
  }

  /** A list of zones, or a map from each to its subnet. */
  private Map<String, String> zones(String path, JsonNode zones) {
    var found = new LinkedHashMap<String, String>();
    if (zones.isArray()) {
      zones.forEach(zone -> text(path + ".zones", zone).ifPresent(name -> found.put(name, "")));
    } else if (zones.isObject()) {
      zones
          .properties()
          .forEach(
              zone ->
                  text(path + ".zones." + zone.getKey(), zone.getValue())
                      .ifPresent(subnet -> found.put(zone.getKey(), subnet)));
    } else if (!zones.isMissingNode()) {
      problems.add(path + ".zones: is to be a list of zones, or a map from zone to subnet");
    }
    if (!zones.isMissingNode() && found.isEmpty()) {
      problems.add(path + ".zones: names no zone");
    }
    return found;
  }

  private Set<Market> markets(String path, JsonNode markets) {
    if (markets.isMissingNode()) {
      return EnumSet.of(Market.SPOT, Market.ON_DEMAND);
    }
    var found = EnumSet.noneOf(Market.class);
    for (var market : markets) {
      switch (market.asText()) {
        case "spot" -> found.add(Market.SPOT);
        case "on_demand" -> found.add(Market.ON_DEMAND);
        case "reserved" -> found.add(Market.RESERVED);
        default ->
            problems.add(
                "%s.markets: %s is none of spot, on_demand, reserved"
                    .formatted(path, market.asText()));
      }
    }
    if (found.isEmpty()) {
      problems.add(path + ".markets: is to be a list of spot, on_demand, reserved");
    }
    return found;
  }

  private Map<String, List<String>> types(String path, JsonNode types) {
    map(path + ".types", types, "types by shape, as {a10g-24gb-x1: [TYPE]}");
    var found = new TreeMap<String, List<String>>();
    for (var shape : types.properties()) {
      var names = new ArrayList<String>();
      for (var type : shape.getValue().isArray() ? shape.getValue() : List.of(shape.getValue())) {
        text(path + ".types." + shape.getKey(), type).ifPresent(names::add);
      }
      found.put(shape.getKey(), names);
    }
    return found;
  }

  private void map(String path, JsonNode value, String what) {
    if (!value.isMissingNode() && !value.isObject()) {
      problems.add("%s: is to be %s".formatted(path, what));
    }
  }

  /** A cluster's type is of one GPU, so its shapes have prices too; a cloud's says how many. */
  private void priced(
      String path, String provider, JsonNode prices, Map<String, List<String>> types) {
    var known = new TreeSet<String>();
    types.values().forEach(known::addAll);
    if (provider.equals("ray")) {
      types.keySet().forEach(shape -> known.add(Catalogue.shape(shape)));
    }
    for (var price : prices.properties()) {
      var key = price.getKey();
      var isKnown = known.contains(key) || known.contains(Catalogue.shape(key));
      if (!isKnown && !known.isEmpty()) { // else the catalogue's are meant
        unknown(path + ".prices.", key, known);
      }
    }
  }

  private Map<String, Price> prices(String path, JsonNode prices) {
    map(path + ".prices", prices, "prices by type, as {TYPE: {on_demand: 1.01}}");
    var found = new TreeMap<String, Price>();
    for (var type : prices.properties()) {
      var at = path + ".prices." + type.getKey();
      map(at, type.getValue(), "dollars an hour by market, as {on_demand: 1.01}");
      unknown(at + ".", type.getValue(), Set.of("spot", "on_demand", "reserved"));
      found.put(
          type.getKey(),
          new Price(
              dollars(at, type.getValue(), "spot"),
              dollars(at, type.getValue(), "on_demand"),
              Math.max(0, dollars(at, type.getValue(), "reserved"))));
    }
    return found;
  }

  private double dollars(String path, JsonNode price, String market) {
    var value = price.path(market);
    if (value.isMissingNode()) {
      return Price.UNKNOWN;
    }
    if (!value.isNumber() || !(value.asDouble() >= 0) || value.asDouble() > 10_000) {
      problems.add(
          "%s.%s: is to be dollars an hour, 0 to 10000"
              .formatted(path, market.toLowerCase(Locale.ROOT)));
      return Price.UNKNOWN;
    }
    return value.asDouble();
  }

  private Duration join(String path, JsonNode join, String provider) {
    if (join.isMissingNode()) {
      return PoolSettings.JOIN;
    }
    var match = MINUTES.matcher(join.asText());
    if (!match.matches()) {
      problems.add(path + ".join: is to be minutes, as 10m");
      return PoolSettings.JOIN;
    }
    var found = Duration.ofMinutes(Long.parseLong(match.group(1)));
    if (OF_A_TIMER.contains(provider) && found.compareTo(LONGEST_JOIN) > 0) {
      problems.add(
          "%s.join: is %s; at most %dm, since a machine of %s that nobody renewed for about half an hour ends itself"
              .formatted(path, join.asText(), LONGEST_JOIN.toMinutes(), provider));
    }
    return found;
  }
}
