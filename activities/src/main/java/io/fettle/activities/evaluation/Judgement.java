package io.fettle.activities.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.evaluation.scoring.ScoringOptions;
import io.fettle.activities.steps.Beat;
import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmScore;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Scores stored answers and decides; equal answers give equal decisions. */
final class Judgement implements EvaluationActivities {
  private final EvaluationOptions options;

  Judgement(EvaluationOptions options) {
    this.options = options;
  }

  /** The details document: what a report page shows item by item. */
  private record Details(
      String criteriaSha256,
      Criteria criteria,
      List<ArmScore> scores,
      List<Comparison> comparisons,
      Verdict verdict,
      List<ArmExtras> extras,
      List<ItemLine> items) {}

  /** What else was measured of an arm. */
  private record ArmExtras(Arm arm, int shots, Map<String, Double> values) {}

  private record ItemLine(String id, String reference, List<ItemAnswer> answers) {}

  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  private record ItemAnswer(
      Arm arm,
      int shots,
      String answer,
      boolean right,
      double mark,
      boolean valid,
      Optional<String> note) {}

  @Override
  public Baselines scoreBaselines(ScoreJob job) {
    return Beat.during(beat -> baselines(job, beat));
  }

  private Baselines baselines(ScoreJob job, Beat beat) throws IOException, InterruptedException {
    beat.says("score", job.answers().size(), "arms");
    Criteria criteria = criteria(job.criteria());
    Gate gate = new Gate(criteria);
    List<ScoredArm> arms = scored(criteria, job.answers(), job.criteria());
    List<ArmScore> scores = arms.stream().map(gate::score).toList();
    int shots =
        scores.stream()
            .filter(score -> score.arm() == Arm.FEW_SHOT)
            .max(
                Comparator.comparingDouble(ArmScore::score)
                    .thenComparingInt(score -> -score.shots()))
            .map(ArmScore::shots)
            .orElse(0);
    double best = scores.stream().mapToDouble(ArmScore::score).max().orElse(0);
    boolean room = best + criteria.margin() < 1;
    String why =
        String.format(
            Locale.ROOT,
            "prompting reaches %.3f on dev, so %s",
            best,
            room
                ? "there is room above the margin"
                : "no model can beat it by " + criteria.margin());
    Reference details =
        details(job.criteria(), criteria, arms, scores, List.of(), Verdict.INCONCLUSIVE);
    return new Baselines(scores, shots, room ? Advice.FINE_TUNE : Advice.PROMPT, why, details);
  }

  @Override
  public EvaluationReport judge(JudgeJob job) {
    return Beat.during(beat -> judged(job, beat));
  }

  private EvaluationReport judged(JudgeJob job, Beat beat)
      throws IOException, InterruptedException {
    beat.says("judge", job.answers().size(), "arms");
    Criteria criteria = criteria(job.criteria());
    Gate gate = new Gate(criteria);
    List<ScoredArm> arms = scored(criteria, job.answers(), job.criteria());
    List<ArmScore> scores = arms.stream().map(gate::score).toList();
    List<Comparison> comparisons = gate.compare(arms);
    Verdict verdict = Gate.verdict(comparisons);
    Reference details = details(job.criteria(), criteria, arms, scores, comparisons, verdict);
    return new EvaluationReport(
        job.criteria().sha256(),
        verdict,
        Gate.why(comparisons),
        scores,
        comparisons,
        opened(job),
        details);
  }

  /** Each candidate opens the test part once, however often its run is repeated. */
  private int opened(JudgeJob job) throws IOException {
    String prefix = "datasets/openings/" + job.dataset().sha256() + "/";
    Optional<Answers> candidate =
        job.answers().stream().filter(answers -> answers.arm() == Arm.SERVED).findFirst();
    String key =
        prefix
            + candidate.map(answers -> answers.file().sha256()).orElse(job.execution())
            + ".json";
    boolean _ = options.store().putIfAbsent(key, job.run().getBytes(StandardCharsets.UTF_8));
    return options.store().list(prefix).size();
  }

  private List<ScoredArm> scored(Criteria criteria, List<Answers> answers, Reference hash)
      throws IOException, InterruptedException {
    List<ScoredArm> arms = new ArrayList<>();
    for (Answers arm : answers) {
      if (!arm.criteriaSha256().equals(hash.sha256())) {
        throw FailureType.NOT_VERIFIED.failure(
            "answers of %s were made under criteria %.12s, not %.12s; results of different criteria are never compared"
                .formatted(arm.arm(), arm.criteriaSha256(), hash.sha256()));
      }
      List<AnswerLine> lines = lines(arm.file());
      arms.add(new ScoredArm(arm, lines, marks(criteria, lines)));
    }
    return arms;
  }

  private Marks marks(Criteria criteria, List<AnswerLine> lines)
      throws IOException, InterruptedException {
    try {
      return Scorers.mark(
          criteria,
          lines.stream().map(AnswerLine::forScoring).toList(),
          ScoringOptions.in(options.work()));
    } catch (IllegalArgumentException unusable) {
      throw FailureType.BAD_CONFIG.failure(String.valueOf(unusable.getMessage()));
    }
  }

  private Reference details(
      Reference hash,
      Criteria criteria,
      List<ScoredArm> arms,
      List<ArmScore> scores,
      List<Comparison> comparisons,
      Verdict verdict)
      throws IOException {
    List<ItemLine> items = new ArrayList<>();
    for (int i = 0; i < (arms.isEmpty() ? 0 : arms.getFirst().lines().size()); i++) {
      items.add(item(i, arms));
    }
    List<ArmExtras> extras =
        arms.stream()
            .map(
                arm ->
                    new ArmExtras(
                        arm.answers().arm(), arm.answers().shots(), arm.scored().extras()))
            .toList();
    Details details =
        new Details(hash.sha256(), criteria, scores, comparisons, verdict, extras, items);
    return options.store().putBlob(Wire.mapper().writeValueAsBytes(details));
  }

  private static ItemLine item(int i, List<ScoredArm> arms) {
    List<ItemAnswer> given = new ArrayList<>();
    for (ScoredArm arm : arms) {
      if (i < arm.lines().size()) {
        given.add(
            new ItemAnswer(
                arm.answers().arm(),
                arm.answers().shots(),
                arm.lines().get(i).answer(),
                arm.scored().right(i),
                arm.scored().mark(i),
                arm.scored().valid(i),
                arm.scored().note(i)));
      }
    }
    AnswerLine line = arms.getFirst().lines().get(i);
    return new ItemLine(line.id(), line.reference(), given);
  }

  private List<AnswerLine> lines(Reference file) throws IOException {
    List<AnswerLine> lines = new ArrayList<>();
    String text = new String(options.store().read(file), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      lines.add(Wire.mapper().readValue(line, AnswerLine.class));
    }
    return lines;
  }

  private Criteria criteria(Reference reference) throws IOException {
    return Wire.mapper().readValue(options.store().read(reference), Criteria.class);
  }
}
