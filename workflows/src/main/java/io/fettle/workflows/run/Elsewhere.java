package io.fettle.workflows.run;

import io.fettle.workflows.capacity.CpuShape;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PoolShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a run could go on in another pool or on another machine type, as its plan found. Memory,
 * batch and engine were planned for one kind of machine, so another one must be of that kind.
 */
final class Elsewhere {
  private static final String LOCAL = "local";

  private final Plan plan;

  Elsewhere(Plan plan) {
    this.plan = plan;
  }

  /** A plan that was made where the local pool is the only one, or by an older release. */
  boolean knowsNothing() {
    return plan.others().isEmpty();
  }

  /**
   * @param pools to be asked from now on
   * @param shape to be asked for from now on
   */
  List<String> problems(List<String> pools, String shape) {
    List<String> problems = new ArrayList<>();
    for (String pool : pools) {
      if (named(pool).isEmpty()) {
        problems.add(
            "pool %s is unknown; known: %s (those of pools.yaml when the run was planned)"
                .formatted(
                    pool,
                    plan.others().stream()
                        .map(PoolShapes::pool)
                        .collect(Collectors.joining(", "))));
      }
    }
    if (problems.isEmpty() && pools.stream().noneMatch(pool -> has(pool, shape))) {
      problems.add(
          "on shape %s of the pools %s this plan does not work; it does on %s: give --pool and --shape"
              .formatted(shape, String.join(", ", pools), all()));
    }
    return problems;
  }

  private boolean has(String pool, String shape) {
    List<String> shapes = named(pool).map(PoolShapes::shapes).orElse(List.of());
    return shapes.contains(shape)
        || (pool.equals(LOCAL) && CpuShape.is(shape) && shapes.stream().anyMatch(CpuShape::is));
  }

  private Optional<PoolShapes> named(String pool) {
    return plan.others().stream().filter(each -> each.pool().equals(pool)).findFirst();
  }

  private String all() {
    String all =
        plan.others().stream()
            .filter(each -> !each.shapes().isEmpty())
            .map(each -> each.pool() + ": " + String.join(", ", each.shapes()))
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? "none" : all;
  }
}
