package io.fettle.activities.spec;

/** What no single key of {@code capacity} can say. */
final class CapacityRules {
  private final Checked spec;
  private final Problems problems;

  CapacityRules(Checked spec, Problems problems) {
    this.spec = spec;
    this.problems = problems;
  }

  void check() {
    production();
    if (!spec.is("capacity.market", "spot")) {
      needsSpot("capacity.preemptions_before_on_demand");
      needsSpot("capacity.wait_for_spot");
    }
    together(
        "capacity.experiment",
        "capacity.experiment_budget_dollars",
        "; write what its runs may cost together, or leave it out");
    together(
        "capacity.experiment_budget_dollars",
        "capacity.experiment",
        "; name the experiment whose runs share it, or write capacity.budget_dollars for this run");
  }

  private void production() {
    var spot = spec.is("capacity.market", "spot") && spec.is("capacity.production", "true");
    var excused = spec.at("capacity.spot_in_production_because").isPresent();
    if (spot && !excused) {
      refuse(
          "capacity.market",
          "is spot, but capacity.production is true; write on_demand, or say why in capacity.spot_in_production_because");
    }
    if (excused && !spot) {
      refuse(
          "capacity.spot_in_production_because",
          "is given, but the run is not both for production and on spot; leave it out");
    }
  }

  private void needsSpot(String path) {
    if (spec.at(path).isPresent()) {
      refuse(
          path, "is given, but capacity.market is not spot; write market: spot, or leave it out");
    }
  }

  private void together(String path, String other, String fix) {
    if (spec.at(path).isPresent() && spec.at(other).isEmpty()) {
      refuse(path, "is given, but " + other + " is not" + fix);
    }
  }

  private void refuse(String path, String text) {
    problems.add(path, spec.line(path), text);
  }
}
