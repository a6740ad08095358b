package io.fettle.activities.capacity;

import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.catalogue.Machine;
import io.fettle.activities.plan.Hardware;
import io.fettle.activities.plan.Planner.Candidate;
import io.fettle.activities.plan.Planner.Pool;
import io.fettle.workflows.capacity.CpuShape;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the operator's pools and the catalogue together say of the machines that there are. */
final class Planning {
  private final Catalogue catalogue;

  Planning(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Shapes of agents that have registered in a pool of one's own machines. */
  interface Registered {
    Set<String> shapes(String pool) throws IOException;
  }

  /**
   * With the catalogue's types and prices where the operator named none. Types that are named are
   * the only ones. A cluster's own words for its GPUs are in no catalogue: where they are not
   * named, none are, and prices are by shape. Where they are, a shape may have a price beside them:
   * such a word does not say how many GPUs.
   */
  PoolSettings filled(PoolSettings pool) {
    if (takesAnyGpu(pool)) {
      return with(pool, Map.of(), byShape(pool.prices()));
    }
    var types = new TreeMap<String, List<String>>();
    pool.types().forEach((shape, names) -> types.put(Catalogue.shape(shape), names));
    if (types.isEmpty() && !isStatic(pool)) {
      for (var shape : catalogue.shapes(pool.provider())) {
        types.put(shape, catalogue.types(pool.provider(), shape));
      }
    }
    var prices = new TreeMap<String, Price>();
    types.values().stream()
        .flatMap(List::stream)
        .forEach(type -> prices.put(type, price(pool, type)));
    if (isRay(pool)) {
      var shaped = byShape(pool.prices());
      shaped.keySet().retainAll(types.keySet());
      prices.putAll(shaped);
    }
    return with(pool, types, prices);
  }

  private static PoolSettings with(
      PoolSettings pool, Map<String, List<String>> types, Map<String, Price> prices) {
    return new PoolSettings(
        pool.name(),
        pool.provider(),
        pool.texts(),
        pool.zones(),
        pool.markets(),
        types,
        prices,
        pool.join());
  }

  private static Map<String, Price> byShape(Map<String, Price> prices) {
    var shaped = new TreeMap<String, Price>();
    prices.forEach((shape, price) -> shaped.put(Catalogue.shape(shape), price));
    return shaped;
  }

  private Price price(PoolSettings pool, String type) {
    var own = Optional.ofNullable(pool.prices().get(type));
    var known = catalogue.machine(pool.provider(), type);
    return new Price(
        either(own.map(Price::spot), known.map(Machine::spotDollars)),
        either(own.map(Price::onDemand), known.map(Machine::onDemandDollars)),
        own.map(Price::reserved).orElse(0.0));
  }

  private static double either(Optional<Double> own, Optional<Double> known) {
    return own.filter(price -> price != Price.UNKNOWN).or(() -> known).orElse(Price.UNKNOWN);
  }

  private static boolean isStatic(PoolSettings pool) {
    return pool.provider().equals("static");
  }

  private static boolean takesAnyGpu(PoolSettings pool) {
    return isRay(pool) && pool.types().isEmpty();
  }

  private static boolean isRay(PoolSettings pool) {
    return pool.provider().equals("ray");
  }

  List<Pool> pools(List<PoolSettings> named, Registered registered) throws IOException {
    var pools = new ArrayList<Pool>();
    for (var settings : named) {
      pools.add(
          isStatic(settings)
              ? owned(settings.name(), registered.shapes(settings.name()))
              : takesAnyGpu(settings) ? ofAnyGpu(filled(settings)) : launched(filled(settings)));
    }
    return pools;
  }

  private Pool launched(PoolSettings pool) {
    var candidates = new ArrayList<Candidate>();
    for (var entry : pool.types().entrySet()) {
      var own = Optional.ofNullable(pool.prices().get(entry.getKey()));
      var prices =
          entry.getValue().stream()
              .flatMap(type -> Stream.ofNullable(pool.prices().get(type)))
              .map(price -> own.map(of -> of.or(price)).orElse(price))
              .toList();
      candidate(entry.getKey(), machine(pool, entry), offered(pool, prices), true)
          .ifPresent(candidates::add);
    }
    return new Pool(pool.name(), candidates, true);
  }

  /**
   * Whoever asks such a pool for a shape knows which GPUs its cluster has: nobody else does, so a
   * shape is planned for by its name alone.
   */
  private Pool ofAnyGpu(PoolSettings pool) {
    var candidates = new ArrayList<Candidate>();
    for (var shape : catalogue.shapes()) {
      var prices = Stream.ofNullable(pool.prices().get(shape)).toList();
      candidate(shape, catalogue.like(shape), offered(pool, prices), false)
          .ifPresent(candidates::add);
    }
    return Pool.ofAnyGpu(pool.name(), candidates);
  }

  private static Price offered(PoolSettings pool, List<Price> prices) {
    return new Price(
        cheapest(pool, Market.SPOT, prices, Price::spot),
        cheapest(pool, Market.ON_DEMAND, prices, Price::onDemand));
  }

  private Optional<Machine> machine(PoolSettings pool, Map.Entry<String, List<String>> types) {
    return types.getValue().stream()
        .flatMap(type -> catalogue.machine(pool.provider(), type).stream())
        .filter(each -> each.gpus() == 0 || each.shape().equals(types.getKey()))
        .findFirst()
        .or(() -> catalogue.like(types.getKey()));
  }

  /** Where all is reserved it is paid for already, or the operator says what it adds. */
  private static double cheapest(
      PoolSettings pool, Market market, List<Price> prices, ToDoubleFunction<Price> of) {
    boolean reserved = pool.markets().equals(Set.of(Market.RESERVED));
    if (!reserved && !pool.markets().contains(market)) return Price.UNKNOWN;
    return prices.stream()
        .mapToDouble(reserved ? Price::reserved : of)
        .filter(price -> price != Price.UNKNOWN)
        .min()
        .orElse(Price.UNKNOWN);
  }

  /** Agents that registered are there; what the catalogue knows may yet be. */
  private Pool owned(String name, Set<String> registered) {
    var candidates = new ArrayList<Candidate>();
    var all = new TreeSet<>(catalogue.shapes());
    registered.forEach(shape -> all.remove(Catalogue.shape(shape)));
    all.addAll(registered);
    for (var shape : all) {
      candidate(shape, catalogue.like(shape), new Price(0, 0), registered.contains(shape))
          .ifPresent(candidates::add);
    }
    return new Pool(name, candidates);
  }

  /** A GPU that the catalogue does not know cannot be planned for; a CPU may be like this one. */
  private Optional<Candidate> candidate(
      String shape, Optional<Machine> machine, Price price, boolean there) {
    if (CpuShape.is(shape)) {
      var known = machine.filter(each -> each.gpus() == 0).map(each -> Hardware.of(each, shape));
      var hardware = withCores(known.orElseGet(() -> Hardware.cpuAs(shape)));
      return Optional.of(
          new Candidate(hardware, 0, 0, price.spot(), price.onDemand(), there, known.isEmpty()));
    }
    return machine
        .filter(each -> each.gpus() > 0)
        .map(
            each -> {
              var hardware = Hardware.of(each, shape);
              return new Candidate(
                  hardware,
                  each.gpus(),
                  peak(each, hardware),
                  price.spot(),
                  price.onDemand(),
                  there,
                  false);
            });
  }

  private static Hardware withCores(Hardware whole) {
    int cores = CpuShape.cores(whole.shape()).orElse(whole.cores());
    return new Hardware(
        whole.shape(), false, whole.memoryBytes(), cores, 0, whole.runsVllm(), whole.bf16());
  }

  private double peak(Machine machine, Hardware hardware) {
    return catalogue
        .peak(machine.gpu())
        .map(peak -> hardware.bf16() ? peak.bf16() : peak.fp32())
        .orElse(0.0);
  }
}
