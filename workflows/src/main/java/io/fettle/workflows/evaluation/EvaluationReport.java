package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/**
 * The gate's decision.
 *
 * @param criteriaSha256 what it was measured by; results with another are never compared
 * @param verdict PASS only where every comparison passed
 * @param why the verdict's numbers in a sentence
 * @param openings how often the test part has been opened
 * @param details items, scores and differences as JSON in the store
 * @param limits what answers take, against what they may
 * @param warnings what a reader should know before believing the verdict, a sentence each
 */
public record EvaluationReport(
    String criteriaSha256,
    Verdict verdict,
    String why,
    List<ArmScore> scores,
    List<Comparison> comparisons,
    int openings,
    Reference details,
    List<Limit> limits,
    List<String> warnings) {
  public EvaluationReport {
    scores = Copies.list(scores);
    comparisons = Copies.list(comparisons);
    limits = Copies.list(limits);
    warnings = Copies.list(warnings);
  }

  public boolean passes() {
    return verdict == Verdict.PASS;
  }
}
