package io.fettle.activities.plan;

import io.fettle.activities.plan.Planner.Candidate;
import io.fettle.activities.plan.Planner.Draft;
import io.fettle.activities.plan.Planner.Outcome;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.spec.TrainSpec.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Drafts a plan for every machine that could be asked for, and takes the first that works. */
final class Selection {
  private static final int ROWS = 10_000;

  private final Spec spec;
  private final ModelShape model;
  private final SpecPolicy policy;
  private final Choice choice;

  Selection(Spec spec, ModelShape model, SpecPolicy policy, Choice choice) {
    this.spec = spec;
    this.model = model;
    this.policy = policy;
    this.choice = choice;
  }

  private record Drafted(Candidate candidate, Draft draft) {
    boolean works() {
      return draft.refusals().isEmpty();
    }

    boolean worksWell() {
      return works() && draft.fit().fitsWell(candidate.hardware());
    }
  }

  Outcome outcome(Hardware local) {
    if (choice.isLocal()) return ofThisMachine(local);
    var unknown = choice.unknownPools(policy.poolsFile());
    if (!unknown.isEmpty()) return refused(local, unknown);
    var unserved = choice.unserved();
    if (unserved.isPresent()) return refused(local, List.of(unserved.get()));
    var drafts =
        choice.candidates().stream()
            .map(each -> new Drafted(each, draft(each.hardware())))
            .toList();
    if (drafts.isEmpty()) return refused(local, List.of(choice.none()));
    var fitting = drafts.stream().filter(Drafted::works).toList();
    var best = fitting.stream().filter(Drafted::worksWell).findFirst();
    return outcome(
        best.orElseGet(() -> fitting.isEmpty() ? roomiest(drafts) : fitting.getFirst()),
        fitting.size());
  }

  private Draft draft(Hardware hardware) {
    return new Planner(hardware, policy).draft(spec, model);
  }

  /** Its refusals say the least: what is too little there is too little everywhere. */
  private static Drafted roomiest(List<Drafted> drafts) {
    return drafts.stream()
        .reduce(
            (one, other) ->
                other.candidate().hardware().usableBytes()
                        > one.candidate().hardware().usableBytes()
                    ? other
                    : one)
        .orElseThrow();
  }

  private Outcome ofThisMachine(Hardware local) {
    var draft = draft(local);
    var shape = Objects.requireNonNullElse(spec.capacity().shape(), local.shape());
    return outcome(draft, local, shape, 0, draft.notes(), draft.refusals());
  }

  private Outcome refused(Hardware local, List<String> refusals) {
    var draft = draft(local);
    return outcome(draft, local, local.shape(), 0, List.of(), refusals);
  }

  private Outcome outcome(Drafted best, int fitting) {
    var draft = best.draft();
    var candidate = best.candidate();
    var notes = new ArrayList<>(draft.notes());
    var forecast = Forecast.of(draft.resolved(), model.parameters(), candidate.peak());
    var hour = candidate.dollars(PlanActivitiesImpl.market(spec.capacity()));
    var price = Price.of(spec.capacity(), hour, forecast);
    if (best.works()) {
      notes.add(price.note());
      var ofRows = Forecast.ofRows(draft.resolved(), ROWS, model.parameters(), candidate.peak());
      notes.addAll(choice.notes(candidate, fitting, forecast, ofRows));
    }
    return outcome(
        draft,
        candidate.hardware(),
        candidate.hardware().shape(),
        price.dollars(),
        notes,
        draft.refusals());
  }

  private Outcome outcome(
      Draft draft,
      Hardware hardware,
      String shape,
      double dollars,
      List<String> notes,
      List<String> refusals) {
    return new Outcome(
        draft.resolved(),
        shape,
        model.parameters(),
        Planner.trained(draft.resolved(), model),
        draft.fit().memory().total(),
        hardware.usableBytes(),
        dollars,
        refusals.isEmpty()
            ? choice.others(hardware, other -> works(draft.resolved(), other))
            : List.of(),
        notes,
        refusals);
  }

  private boolean works(Spec resolved, Hardware other) {
    boolean bf16 = resolved.train().precision() == Precision.BF16;
    var fit = Fit.choose(resolved, model, other, bf16);
    return Refusals.of(resolved, model, other, policy, fit).isEmpty();
  }
}
