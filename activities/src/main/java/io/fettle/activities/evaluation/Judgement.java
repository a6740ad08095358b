package io.fettle.activities.evaluation;

import io.fettle.activities.chat.Chat;
import io.fettle.activities.evaluation.Details.ArmPairs;
import io.fettle.activities.evaluation.Details.Decided;
import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.advice.Finding;
import io.fettle.activities.evaluation.advice.Finding.LearningCurve;
import io.fettle.activities.evaluation.judging.JudgingOptions;
import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.evaluation.scoring.ScoringOptions;
import io.fettle.activities.evaluation.series.Openings;
import io.fettle.activities.evaluation.series.Place;
import io.fettle.activities.evaluation.series.Series;
import io.fettle.activities.steps.Beat;
import io.fettle.statistics.Bootstrap;
import io.fettle.statistics.Clusters;
import io.fettle.statistics.Interval;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmScore;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.CurvePoint;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.evaluation.GateLimits;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.Limit;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Scores stored answers and decides; equal answers give equal decisions. */
final class Judgement implements EvaluationActivities {
  private static final double SHOWN_CONFIDENCE = 0.95;

  private static final Logger log = LoggerFactory.getLogger(Judgement.class);

  private final EvaluationOptions options;

  Judgement(EvaluationOptions options) {
    this.options = options;
  }

  @Override
  public Baselines scoreBaselines(ScoreJob job) {
    String execution = Activity.getExecutionContext().getInfo().getWorkflowRunId();
    return Beat.during(beat -> baselines(job, judges().of(job.run(), execution), beat));
  }

  /** Without an execution that keeps what judges say. */
  Baselines baselines(ScoreJob job, Beat beat) throws IOException, InterruptedException {
    return baselines(job, judges(), beat);
  }

  private Baselines baselines(ScoreJob job, JudgingOptions judges, Beat beat)
      throws IOException, InterruptedException {
    beat.says("score", job.answers().size(), "arms");
    Criteria criteria = criteria(job.criteria());
    ScoringOptions scoring = scoring(judges);
    List<ScoredArm> prompted = scored(criteria, job.answers(), job.criteria(), scoring);
    List<ScoredArm> trained = scored(criteria, curve(job), job.criteria(), scoring);
    List<ScoredArm> arms = Stream.concat(prompted.stream(), trained.stream()).toList();
    var files = new DatasetFiles(options.store(), job.dataset());
    Gate gate = new Gate(criteria, files.together(Part.DEV).of(items(arms)));
    List<ArmScore> scores = arms.stream().map(gate::score).toList();
    Optional<ArmScore> fewShot = bestFewShot(scores);
    Optional<Spec> spec =
        job.spec().isEmpty() ? Optional.empty() : Optional.of(spec(job.spec().get()));
    var advising = new Advising(options.store(), files, criteria, spec);
    Finding finding = advising.finding(prompted, Advising.curve(job.curve(), trained));
    Optional<Place> series = place(job.spec(), job.run(), "", job.criteria(), files);
    List<String> warnings = Warnings.ofSeries(series, criteria, job.answers());
    Reference details =
        new Details(job.criteria().sha256(), criteria, arms, scoring)
            .put(options.store(), Decided.onDev(scores, warnings, finding, series));
    return new Baselines(
        scores,
        fewShot.map(ArmScore::shots).orElse(0),
        finding.advice(),
        why(finding, advising.power(), warnings),
        details,
        fewShot.map(ArmScore::variant).orElse(""),
        finding.next());
  }

  private static List<Answers> curve(ScoreJob job) {
    return job.curve().stream().map(CurvePoint::answers).toList();
  }

  private static String why(Finding finding, Optional<String> power, List<String> warnings) {
    List<String> why = new ArrayList<>(List.of(finding.why()));
    finding.curve().map(LearningCurve::said).ifPresent(why::add);
    power.ifPresent(why::add);
    why.addAll(warnings);
    return String.join("; ", why);
  }

  private Spec spec(Reference reference) throws IOException {
    return Wire.mapper().readValue(options.store().read(reference), Spec.class);
  }

  private static Optional<ArmScore> bestFewShot(List<ArmScore> scores) {
    return scores.stream()
        .filter(score -> score.arm() == Arm.FEW_SHOT)
        .min(
            Comparator.comparingDouble((ArmScore score) -> -score.score())
                .thenComparingInt(ArmScore::shots)
                .thenComparing(ArmScore::variant));
  }

  @Override
  public EvaluationReport judge(JudgeJob job) {
    return Beat.during(beat -> judged(job, beat));
  }

  private EvaluationReport judged(JudgeJob job, Beat beat)
      throws IOException, InterruptedException {
    beat.says("judge", job.answers().size(), "arms");
    Criteria criteria = criteria(job.criteria());
    ScoringOptions scoring = scoring(judges().of(job.run(), job.execution()));
    List<ScoredArm> all = scored(criteria, job.answers(), job.criteria(), scoring);
    List<ScoredArm> arms = of(Part.TEST, all);
    var files = new DatasetFiles(options.store(), job.dataset());
    Clusters clusters = files.together(Part.TEST).of(items(arms));
    Gate gate = new Gate(criteria, clusters);
    List<ArmScore> scores = all.stream().map(gate::score).toList();
    List<Comparison> comparisons = gate.compare(arms);
    Forgetting.of(criteria, of(Part.REGRESSION, all)).ifPresent(comparisons::add);
    List<Limit> limits = limits(criteria, Gate.candidate(arms));
    Verdict verdict = Gate.verdict(comparisons, limits);
    int openings = openings(job, files, Gate.candidate(arms));
    Optional<Place> series = place(job.spec(), job.run(), job.execution(), job.criteria(), files);
    List<String> warnings = new ArrayList<>(Warnings.of(openings, clusters, all));
    gate.overLinearModel(arms)
        .flatMap(over -> Warnings.ofLinearModel(over, scores))
        .ifPresent(warnings::add);
    warnings.addAll(Warnings.ofSeries(series, criteria, job.answers()));
    List<ArmPairs> pairs = pairs(criteria, arms, scoring);
    Decided decided =
        new Decided(
            scores, comparisons, limits, verdict, pairs, warnings, Optional.empty(), series);
    Reference details =
        new Details(job.criteria().sha256(), criteria, arms, scoring).put(options.store(), decided);
    return new EvaluationReport(
        job.criteria().sha256(),
        verdict,
        Gate.why(comparisons, limits),
        scores,
        comparisons,
        openings,
        details,
        limits,
        warnings);
  }

  private int openings(JudgeJob job, DatasetFiles files, ScoredArm candidate) throws IOException {
    List<String> said =
        candidate.lines().stream().map(line -> line.id() + "\n" + line.answer()).toList();
    return new Openings(options.store(), files.hash(Part.TEST)).counted(job.run(), said);
  }

  /**
   * Jobs of older releases name no spec, and so no series.
   *
   * @param execution whose result comes in; empty: none does yet
   */
  private Optional<Place> place(
      Optional<Reference> spec,
      String run,
      String execution,
      Reference criteria,
      DatasetFiles files)
      throws IOException {
    if (spec.isEmpty()) {
      return Optional.empty();
    }
    var entry =
        new Series.Entry(spec(spec.get()).name(), run, execution, criteria, files.hash(Part.TEST));
    return Optional.of(
        execution.isEmpty()
            ? Series.look(options.store(), entry)
            : Series.enter(options.store(), entry));
  }

  private static List<ScoredArm> of(Part part, List<ScoredArm> arms) {
    return arms.stream().filter(arm -> arm.answers().part() == part).toList();
  }

  private static List<String> items(List<ScoredArm> arms) {
    return arms.getFirst().lines().stream().map(AnswerLine::id).toList();
  }

  private static List<Limit> limits(Criteria criteria, ScoredArm candidate) {
    GateLimits asked = criteria.limits();
    return asked == null
        ? List.of()
        : new Limits(asked, criteria.oneSidedAlpha())
            .of(
                candidate.lines().stream().mapToDouble(AnswerLine::seconds).toArray(),
                criteria.concurrency());
  }

  private List<ScoredArm> scored(
      Criteria criteria, List<Answers> answers, Reference hash, ScoringOptions scoring)
      throws IOException, InterruptedException {
    List<ScoredArm> arms = new ArrayList<>();
    for (Answers arm : answers) {
      if (!arm.criteriaSha256().equals(hash.sha256())) {
        throw FailureType.NOT_VERIFIED.failure(
            "answers of %s were made under criteria %.12s, not %.12s; results of different criteria are never compared"
                .formatted(arm.arm(), arm.criteriaSha256(), hash.sha256()));
      }
      List<AnswerLine> lines = lines(arm.file());
      Marks marks =
          arm.part() == Part.REGRESSION
              ? Forgetting.marks(criteria, lines)
              : marks(criteria, lines, scoring);
      arms.add(new ScoredArm(arm, lines, marks));
    }
    return arms;
  }

  private JudgingOptions judges() {
    return new JudgingOptions(options.store(), options.secrets());
  }

  private ScoringOptions scoring(JudgingOptions judges) {
    return ScoringOptions.in(options.work(), judges);
  }

  /** None where the criteria ask for none. */
  private static List<ArmPairs> pairs(
      Criteria criteria, List<ScoredArm> arms, ScoringOptions scoring) throws IOException {
    List<ArmPairs> pairs = new ArrayList<>();
    Optional<ScoredArm> candidate =
        arms.stream().filter(arm -> arm.answers().arm() == Arm.SERVED).findFirst();
    for (ScoredArm other : arms) {
      if (candidate.isPresent() && other.answers().arm() != Arm.SERVED) {
        compared(criteria, candidate.get(), other, scoring)
            .map(compared -> pairs(criteria, other.answers(), compared))
            .ifPresent(pairs::add);
      }
    }
    return pairs;
  }

  /** Pairs describe; a judge that is away takes no verdict with it. */
  private static Optional<Scorers.Pairs> compared(
      Criteria criteria, ScoredArm candidate, ScoredArm other, ScoringOptions scoring)
      throws IOException {
    try {
      return Scorers.compare(criteria, forScoring(candidate), forScoring(other), scoring);
    } catch (IllegalArgumentException | Chat.Unusable unusable) {
      log.warn("no pairs were judged: {}", unusable.getMessage());
      return Optional.empty();
    }
  }

  private static ArmPairs pairs(Criteria criteria, Answers other, Scorers.Pairs compared) {
    Interval preference =
        Bootstrap.interval(
            compared.preferences().size(),
            compared::score,
            criteria.resamples(),
            SHOWN_CONFIDENCE,
            criteria.seed());
    return new ArmPairs(
        other.arm(),
        other.shots(),
        preference,
        compared.asked(),
        compared.consistency(),
        compared.firstSlot(),
        compared.longer(),
        other.variant(),
        compared.rulings());
  }

  private static List<Scorers.Answer> forScoring(ScoredArm arm) {
    return arm.lines().stream().map(AnswerLine::forScoring).toList();
  }

  private static Marks marks(Criteria criteria, List<AnswerLine> lines, ScoringOptions scoring)
      throws IOException, InterruptedException {
    try {
      return Scorers.mark(criteria, lines.stream().map(AnswerLine::forScoring).toList(), scoring);
    } catch (IllegalArgumentException | Chat.Unusable unusable) {
      throw FailureType.BAD_CONFIG.failure(String.valueOf(unusable.getMessage()));
    } catch (Sandbox.Unusable here) {
      throw FailureType.PREREQUISITE_MISSING.failure(String.valueOf(here.getMessage()));
    }
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
