package io.fettle.activities.plan;

import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.plan.Planner.Candidate;
import io.fettle.activities.plan.Planner.Pool;
import io.fettle.workflows.capacity.CpuShape;
import io.fettle.workflows.plan.PoolShapes;
import io.fettle.workflows.spec.DeploySpec.Engine;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.spec.Spec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a run may be planned for: the machines of the pools that its spec names, the cheapest that
 * fits first.
 */
final class Choice {
  static final String LOCAL = "local";

  private static final int MOST_SHAPES_IN_A_SENTENCE = 12;

  private final Spec spec;
  private final Hardware local;
  private final List<Pool> pools;

  Choice(Spec spec, Hardware local, List<Pool> pools) {
    this.spec = spec;
    this.local = local;
    this.pools = pools;
  }

  /** Of the local pool alone, which is planned for as it is, whatever word its shape has. */
  boolean isLocal() {
    return spec.capacity().pools().equals(List.of(LOCAL));
  }

  /** Pools of the spec that nobody knows, each a sentence. */
  List<String> unknownPools(String file) {
    var known = pools.stream().map(Pool::name).toList();
    return spec.capacity().pools().stream()
        .filter(name -> !name.equals(LOCAL) && !known.contains(name))
        .map(
            name ->
                "capacity.pools has %s, which the control worker does not know; name it in %s, then start the control worker again (`fettle down`, `fettle up`; in a cluster, restart its pods)"
                    .formatted(name, file.isEmpty() ? "pools.yaml" : file))
        .toList();
  }

  /** Why the endpoint that the spec asks for would not be served; empty: it would. */
  Optional<String> unserved() {
    var deploy = spec.deploy();
    var leaving = asked().stream().filter(Pool::launches).map(Pool::name).toList();
    return deploy.enabled()
            && deploy.engine() != Engine.NONE
            && deploy.endpoint() != null
            && !leaving.isEmpty()
        ? Optional.of(
            "deploy.endpoint is %s, but machines of %s end with their run, so nothing would serve it; write deploy.enabled: false and `fettle export` the model. An endpoint listens on the loopback of its GPU machine: `fettle ask` works only where agent and command line share a machine"
                .formatted(deploy.endpoint(), String.join(", ", leaving)))
        : Optional.empty();
  }

  /** Those that are asked, in the spec's order; this machine is a pool among them. */
  private List<Pool> asked() {
    var asked = new ArrayList<Pool>();
    for (var name : spec.capacity().pools()) {
      if (name.equals(LOCAL)) asked.add(ofThisMachine());
      pools.stream().filter(pool -> pool.name().equals(name)).forEach(asked::add);
    }
    return asked;
  }

  private Pool ofThisMachine() {
    var named = spec.capacity().shape();
    var hardware =
        named != null && CpuShape.is(named) && CpuShape.is(local.shape())
            ? local.named(named)
            : local;
    return new Pool(LOCAL, List.of(new Candidate(hardware, 1, 0, 0, 0, true)));
  }

  /** What could be planned for, the best first; each shape once, at its lowest price. */
  List<Candidate> candidates() {
    var named = Optional.ofNullable(spec.capacity().shape()).map(Catalogue::shape);
    var byShape = new LinkedHashMap<String, Candidate>();
    for (var pool : asked()) {
      pool.candidates().stream()
          .filter(each -> named.map(shapeOf(each)::equals).orElse(each.there()))
          .forEach(
              each ->
                  byShape.merge(
                      each.hardware().shape(),
                      each,
                      (one, other) -> ORDER.compare(one, other) <= 0 ? one : other));
    }
    return byShape.values().stream().sorted(ORDER).toList();
  }

  /** An agent of one's own machine may have registered without the number of GPUs. */
  private static String shapeOf(Candidate candidate) {
    return Catalogue.shape(candidate.hardware().shape());
  }

  /** A price that is not known is taken for a high one. */
  private static final Comparator<Candidate> ORDER =
      Comparator.comparingDouble(Choice::price)
          .thenComparingInt(Candidate::gpus)
          .thenComparingLong(each -> each.hardware().memoryBytes())
          .thenComparing(each -> each.hardware().shape());

  private static double price(Candidate candidate) {
    return candidate.dollars(Market.ON_DEMAND) < 0
        ? Double.MAX_VALUE
        : candidate.dollars(Market.ON_DEMAND);
  }

  /** The pools of the spec that have no machine of the shape. */
  List<String> without(String shape) {
    return asked().stream()
        .filter(
            pool ->
                pool.candidates().stream().noneMatch(each -> each.hardware().shape().equals(shape)))
        .map(Pool::name)
        .toList();
  }

  /** Why there is no candidate. */
  String none() {
    var offered =
        asked().stream()
            .flatMap(pool -> pool.candidates().stream())
            .map(each -> each.hardware().shape())
            .collect(Collectors.toCollection(TreeSet::new));
    var names = String.join(", ", spec.capacity().pools());
    var owned = asked().stream().filter(pool -> !pool.launches()).map(Pool::name).toList();
    if (spec.capacity().shape() == null && !owned.isEmpty()) {
      return "no agent of pool %s has registered in this store with a shape that is known; start one (docs/guides/own-machines.md), give the GPU of one that runs a row in machines.csv, or name the shape that it will have"
          .formatted(String.join(", ", owned));
    }
    if (offered.isEmpty()) {
      return "no machine is known of the pools %s; write types for them in pools.yaml, or start their agents"
          .formatted(names);
    }
    if (spec.capacity().shape() == null && asked().stream().allMatch(Pool::anyGpu)) {
      return "capacity.shape is auto, which chooses among types that are known, and the pools %s name none; name a shape that their clusters have, as a10g-24gb-x1, or write types in pools.yaml"
          .formatted(names);
    }
    var some = offered.stream().limit(MOST_SHAPES_IN_A_SENTENCE).collect(Collectors.joining(", "));
    return "capacity.shape is %s; the pools %s have %s%s: name one of them, write auto, or add its row to machines.csv"
        .formatted(
            Objects.requireNonNullElse(spec.capacity().shape(), "auto"),
            names,
            some,
            offered.size() > MOST_SHAPES_IN_A_SENTENCE
                ? " and more (`fettle catalogue` lists them)"
                : "");
  }

  /**
   * Where the run could go on instead: of every pool the shapes that are like the chosen one, and
   * on which what was resolved fits.
   */
  List<PoolShapes> others(Hardware chosen, Function<Hardware, Boolean> fits) {
    if (pools.isEmpty()) return List.of();
    var others = new ArrayList<PoolShapes>();
    var all = new ArrayList<>(pools);
    all.add(ofThisMachine());
    for (var pool : all) {
      var shapes =
          pool.candidates().stream()
              .map(Candidate::hardware)
              .filter(hardware -> hardware.gpu() == chosen.gpu() && fits.apply(hardware))
              .map(Hardware::shape)
              .sorted()
              .toList();
      others.add(new PoolShapes(pool.name(), shapes));
    }
    return others;
  }

  /** What is worth reading of what was chosen, beside memory. */
  List<String> notes(Candidate chosen, int fitting, Forecast forecast, Forecast ofRows) {
    var notes = new ArrayList<String>();
    var shape = chosen.hardware().shape();
    if (spec.capacity().shape() == null) {
      notes.add(
          "Shape %s is the cheapest of %d that fit; %s.".formatted(shape, fitting, priced(chosen)));
    } else {
      notes.add("Of shape %s, %s.".formatted(shape, priced(chosen)));
    }
    if (chosen.gpus() > 1) {
      notes.add("The trainer uses one of its %d GPUs.".formatted(chosen.gpus()));
    }
    if (chosen.assumed()) {
      notes.add(
          "What a machine of shape %s holds is not known; this one's memory and cores stand for it. A row in machines.csv tells."
              .formatted(shape));
    }
    if (chosen.gpus() > 0) {
      asked().stream().filter(Pool::anyGpu).forEach(pool -> notes.add(anyGpu(pool, shape)));
    }
    without(shape)
        .forEach(pool -> notes.add("Pool %s has no machine of shape %s.".formatted(pool, shape)));
    hours(forecast, ofRows).ifPresent(notes::add);
    return notes;
  }

  private static String anyGpu(Pool pool, String shape) {
    return "Pool %s names no types, so any GPU of its cluster may come; this plan counts on %s. Write types in pools.yaml to be sure."
        .formatted(pool.name(), shape);
  }

  private static Optional<String> hours(Forecast forecast, Forecast ofRows) {
    if (!forecast.known() && !ofRows.known()) return Optional.empty();
    var text = forecast.known() ? forecast.hours() : ofRows.hours() + " for every 10,000 rows";
    double peak = forecast.known() ? forecast.peak() : ofRows.peak();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Training takes about %s where rows are as long as is allowed, at 10 to 40 %% of %.0f TFLOPS.",
            text,
            peak));
  }

  private static String priced(Candidate chosen) {
    double spot = chosen.spotDollars();
    double demand = chosen.onDemandDollars();
    if (demand == 0 && spot == 0) return "it costs nothing here";
    if (demand < 0 && spot < 0) return "its price is not known";
    var prices = new ArrayList<String>();
    if (demand >= 0) prices.add(String.format(Locale.ROOT, "%.2f on demand", demand));
    if (spot >= 0) prices.add(String.format(Locale.ROOT, "%.2f on spot", spot));
    return "about " + String.join(", ", prices) + ", in dollars an hour";
  }
}
