package io.fettle.activities.catalogue;

import io.fettle.activities.catalogue.Refresh.Described;
import io.fettle.activities.catalogue.Refresh.Outcome;
import io.fettle.activities.catalogue.Refresh.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A provider's types as rows of the catalogue. */
final class DescribedTypes {
  private static final String ON_DEMAND = "; on demand of ";

  private final Catalogue known;
  private final List<Described> types;
  private final Request request;
  private final Map<Gpu, Machine> byGpu = new HashMap<>();
  private final List<String> skipped = new ArrayList<>();

  /** As the provider tells them apart. */
  private record Gpu(String name, double memoryGib) {}

  DescribedTypes(Catalogue known, List<Described> types, Request request) {
    this.known = known;
    this.types = List.copyOf(types);
    this.request = request;
    for (var type : types) {
      known(type).ifPresent(machine -> byGpu.putIfAbsent(gpu(type), machine));
    }
  }

  private Optional<Machine> known(Described type) {
    return known.machine(request.provider(), type.type()).filter(machine -> machine.gpus() > 0);
  }

  private static Gpu gpu(Described type) {
    return new Gpu(type.gpu(), type.gpuMemoryGib());
  }

  Outcome outcome() throws IOException {
    var all = new LinkedHashMap<Machine.Key, Machine>();
    known.machines().forEach(machine -> all.put(machine.key(), machine));
    var changed = new ArrayList<Machine>();
    for (var type : types) {
      row(type).ifPresent(changed::add);
    }
    if (changed.isEmpty()) {
      throw new IOException(
          "%s described %d types with GPUs in %s, and none that this catalogue can take in; nothing was changed"
              .formatted(request.source(), types.size(), request.region()));
    }
    changed.forEach(machine -> all.put(machine.key(), machine));
    return new Outcome(changed, skipped, Refresh.file(List.copyOf(all.values())));
  }

  private Optional<Machine> row(Described type) {
    var like = known(type).or(() -> Optional.ofNullable(byGpu.get(gpu(type))));
    if (type.gpus() == 0 || like.isEmpty()) {
      skipped.add(
          "%s: %s; write its row into %s yourself"
              .formatted(
                  type.type(),
                  type.gpus() == 0
                      ? "has a share of a GPU"
                      : "no type with a GPU " + type.gpu() + " is known",
                  Catalogue.FILE));
      return Optional.empty();
    }
    var before = known(type);
    return Optional.of(
        new Machine(
            request.provider(),
            type.type(),
            like.get().gpu(),
            type.gpus(),
            type.gpuMemoryGib(),
            like.get().computeCapability(),
            type.vcpus(),
            type.memoryGib(),
            type.nvmeGb(),
            type.networkGbps(),
            before.map(Machine::nvlink).orElseGet(() -> nvlink(like.get().gpu(), type.gpus())),
            type.spotDollars(),
            before.map(Machine::onDemandDollars).orElse(Machine.UNKNOWN),
            request.today(),
            source(before)));
  }

  private boolean nvlink(String gpu, int gpus) {
    return known.machines().stream()
        .anyMatch(each -> each.gpu().equals(gpu) && each.gpus() == gpus && each.nvlink());
  }

  /** An on-demand price is not in what was described: it keeps its own day and source. */
  private String source(Optional<Machine> before) {
    var now = request.source() + ", " + request.region();
    return before
        .filter(machine -> machine.onDemandDollars() != Machine.UNKNOWN)
        .map(machine -> now + priceOf(machine))
        .orElse(now);
  }

  /** Of a row that was described before, what it says itself. */
  private static String priceOf(Machine machine) {
    var said = machine.source().indexOf(ON_DEMAND);
    return said >= 0
        ? machine.source().substring(said)
        : "%s%s: %s".formatted(ON_DEMAND, machine.asOf(), machine.source());
  }
}
