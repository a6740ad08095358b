package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Facts.Scored;
import io.fettle.statistics.Interval;
import io.fettle.workflows.evaluation.Advice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is answered without a language model. No advice has a word for it, so it stands beside the
 * one that is given.
 */
final class LinearModel {
  private static final String LOOK =
      "look in `fettle report` at the dev items that the linear model gets wrong: it answers in milliseconds"
          + " and without tokens, so only these can be worth a language model";

  private LinearModel() {}

  /** The same advice; where a linear model does as well, with its numbers and what to try first. */
  static Decision beside(Facts facts, Decision decision) {
    List<String> said = new ArrayList<>();
    said.add(decision.why());
    enough(facts).ifPresent(said::add);
    level(facts).ifPresent(said::add);
    if (said.size() == 1) {
      return decision;
    }
    // wrong labels mislead it too
    String next =
        decision.advice() == Advice.FIX_DATA ? decision.next() : LOOK + "; then " + decision.next();
    return new Decision(decision.advice(), String.join("; ", said), next);
  }

  /** What it scores, where that decides nothing. */
  static Optional<String> remark(Facts facts) {
    return enough(facts).or(() -> level(facts)).isPresent()
        ? Optional.empty()
        : facts
            .way(Way.CLASSICAL)
            .map(
                linear ->
                    Say.text(
                        "%s scores %s on %s",
                        linear.name(), Say.of(linear.mean()), PromptRules.items(facts)));
  }

  /** Its lower bound reaches the target or, where none is named, leaves no room for the margin. */
  static Optional<String> enough(Facts facts) {
    double bar = facts.target().orElse(1 - facts.margin());
    return facts
        .way(Way.CLASSICAL)
        .filter(linear -> linear.strict().low() >= bar)
        .map(
            linear ->
                Say.text(
                    "%s alone scores %s on %s, so its lower bound reaches %s",
                    linear.name(),
                    Say.of(linear.strict()),
                    PromptRules.items(facts),
                    facts.target().isPresent()
                        ? "the target of " + Say.percent(bar)
                        : "all that the margin of " + Say.percent(facts.margin()) + " leaves"));
  }

  /** Every prompted arm scores no more, and is surely not better by the margin. */
  private static Optional<String> level(Facts facts) {
    Optional<Scored> linear = facts.way(Way.CLASSICAL);
    Optional<Scored> best = facts.best();
    if (linear.isEmpty() || best.isEmpty()) {
      return Optional.empty();
    }
    List<Interval> over =
        facts.prompted().stream().map(way -> difference(facts, linear.get(), way)).toList();
    if (over.stream().anyMatch(o -> o.estimate() < 0 || o.low() <= -facts.margin())) {
      return Optional.empty();
    }
    boolean better = over.stream().allMatch(o -> o.low() > 0);
    return Optional.of(
        Say.text(
            "%s answers this %s: %.3f against %.3f of %s, %s points on %s",
            linear.get().name(),
            better ? "better" : "as well",
            linear.get().mean().estimate(),
            best.get().mean().estimate(),
            best.get().name(),
            PromptRules.points(difference(facts, linear.get(), best.get())),
            PromptRules.items(facts)));
  }

  private static Interval difference(Facts facts, Scored ours, Scored theirs) {
    return facts.marks().difference(ours.marks(), theirs.marks(), facts.confidence());
  }
}
