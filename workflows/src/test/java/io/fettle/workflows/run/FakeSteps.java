package io.fettle.workflows.run;

import static io.fettle.workflows.run.FakeGpus.reference;

import io.fettle.workflows.artifact.Artifact;
import io.fettle.workflows.artifact.ArtifactActivities;
import io.fettle.workflows.artifact.ArtifactLookupActivities;
import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.artifact.FetchModel;
import io.fettle.workflows.artifact.MergeJob;
import io.fettle.workflows.artifact.ModelActivities;
import io.fettle.workflows.artifact.QuantizeJob;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.data.Subsets;
import io.fettle.workflows.data.Subsets.Subset;
import io.fettle.workflows.data.SubsetsJob;
import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.evaluation.AnswerActivities;
import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.AnswerLookupActivities;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.lineage.RecordActivities;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlanActivities;
import io.fettle.workflows.plan.PlanRequest;
import io.fettle.workflows.plan.PlannedArms;
import io.fettle.workflows.plan.PoolShapes;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.plan.ScheduleRequest;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.serving.AliasActivities;
import io.fettle.workflows.serving.DeployActivities;
import io.fettle.workflows.serving.DeployRequest;
import io.fettle.workflows.serving.Deployment;
import io.fettle.workflows.serving.Engine;
import io.fettle.workflows.serving.EngineActivities;
import io.fettle.workflows.serving.FlipAlias;
import io.fettle.workflows.serving.LoadEngine;
import io.fettle.workflows.serving.StopEngine;
import io.fettle.workflows.serving.StopEngines;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.FailureType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every step that needs no trainer, answering at once and remembering what it was asked. */
final class FakeSteps
    implements ModelActivities,
        PlanActivities,
        DataActivities,
        AnswerActivities,
        AnswerLookupActivities,
        EvaluationActivities,
        ArtifactActivities,
        ArtifactLookupActivities,
        AliasActivities,
        DeployActivities,
        EngineActivities,
        RecordActivities {
  private final int maxSteps;
  private final List<AnswerJob> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<ScoreJob> scored = Collections.synchronizedList(new ArrayList<>());
  private final List<DeployRequest> deploys = Collections.synchronizedList(new ArrayList<>());
  private volatile @Nullable RunStory recorded;
  volatile List<String> pools = List.of("local");
  volatile PlannedArms arms = PlannedArms.NONE;
  volatile CapacityTerms terms = CapacityTerms.NONE;
  volatile List<PoolShapes> others = List.of();
  volatile Optional<Duration> maxWait = Optional.empty();
  volatile String way = "";
  volatile Optional<Alias> served = Optional.empty();
  volatile Verdict verdict = Verdict.PASS;
  volatile Advice advice = Advice.FINE_TUNE;
  volatile Optional<Advice> adviceByCurve = Optional.empty();
  volatile boolean tooFewForACurve;
  volatile String unanswered = "none";
  volatile Optional<Duration> approval = Optional.empty();

  FakeSteps(int maxSteps) {
    this.maxSteps = maxSteps;
  }

  List<AnswerJob> asked() {
    return List.copyOf(asked);
  }

  List<ScoreJob> scored() {
    return List.copyOf(scored);
  }

  List<DeployRequest> deploys() {
    return List.copyOf(deploys);
  }

  @Override
  public BaseModel fetchModel(FetchModel request) {
    return new BaseModel("tiny", reference("base"), 1, 2, "Apache-2.0", false);
  }

  @Override
  public Plan plan(PlanRequest request) {
    return new Plan(
        reference("resolved"),
        "tiny, lora r 8, triage",
        "tiny",
        pools,
        "cpu",
        Duration.ofMinutes(15),
        2,
        true,
        true,
        8,
        false,
        "w8a8",
        List.of(4),
        true,
        Optional.empty(),
        approval,
        Optional.of("triage"),
        1 << 20,
        1 << 30,
        0,
        List.of(),
        arms,
        terms,
        others,
        maxWait);
  }

  @Override
  public Schedule schedule(ScheduleRequest request) {
    return new Schedule(reference("training"), "input", maxSteps, 8, 10);
  }

  @Override
  public Dataset prepare(PrepareJob job) {
    return new Dataset(reference("data"), "hash", 100, 80, 10, 10, 64, List.of(), false);
  }

  @Override
  public Subsets subsets(SubsetsJob job) {
    return new Subsets(
        job.percents().stream()
            .filter(_ -> !tooFewForACurve)
            .map(percent -> new Subset(percent, reference("data" + percent), 80 * percent / 100))
            .toList(),
        tooFewForACurve ? "9 rows teach nothing" : "");
  }

  @Override
  public Answers answer(AnswerJob job) {
    asked.add(job);
    if (job.variant().equals(unanswered)) {
      throw FailureType.BAD_CONFIG.failure("nobody can ask it");
    }
    return new Answers(
        job.arm(),
        job.part(),
        job.shots(),
        reference("answers"),
        "criteria",
        "fake",
        10,
        1,
        false,
        job.variant(),
        Optional.empty());
  }

  @Override
  public Optional<Answers> findAnswers(AnswerJob job) {
    return Optional.empty();
  }

  @Override
  public Baselines scoreBaselines(ScoreJob job) {
    scored.add(job);
    return new Baselines(
        List.of(),
        4,
        job.curve().isEmpty() ? advice : adviceByCurve.orElse(advice),
        "few-shot reaches 0.20 on dev",
        reference("baselines" + (job.curve().isEmpty() ? "" : job.curve().size())),
        way,
        "ask more");
  }

  @Override
  public EvaluationReport judge(JudgeJob job) {
    return new EvaluationReport(
        "criteria",
        verdict,
        "0.90 - 0.20",
        List.of(),
        List.of(),
        1,
        reference("evaluation"),
        List.of(),
        List.of());
  }

  @Override
  public Artifact merge(MergeJob job) {
    return new Artifact("merged", reference("merged"), 2, List.of(), false);
  }

  @Override
  public Artifact quantize(QuantizeJob job) {
    return new Artifact(job.scheme(), reference("quantized"), 1, List.of(), false);
  }

  @Override
  public Optional<Artifact> findQuantized(QuantizeJob job) {
    return Optional.empty();
  }

  @Override
  public Optional<Alias> currentAlias(String endpoint) {
    return served;
  }

  @Override
  public Alias flipAlias(FlipAlias request) {
    return new Alias(
        request.endpoint(),
        request.expected() + 1,
        request.modelId(),
        request.engineUrl(),
        request.modelName());
  }

  @Override
  public Engine loadEngine(LoadEngine request) {
    throw new UnsupportedOperationException("only the endpoint's workflow loads");
  }

  @Override
  public void engineReady(Engine engine) {}

  @Override
  public void stopEngine(StopEngine request) {}

  @Override
  public void stopEngines(StopEngines request) {}

  @Override
  public Deployment requestDeploy(DeployRequest request) {
    deploys.add(request);
    Engine engine =
        new Engine(
            "key", "http://127.0.0.1:1", "fake", request.modelId(), request.hostQueue(), true);
    Alias alias =
        new Alias(
            request.endpoint(),
            request.incumbentVersion() + 1,
            request.modelId(),
            engine.url(),
            "model");
    return new Deployment(request.endpoint(), alias, engine, "no canary");
  }

  RunStory story() {
    return Objects.requireNonNull(recorded);
  }

  @Override
  public RunRecord record(RunStory story) {
    recorded = story;
    return new RunRecord(
        story.run(),
        story.execution(),
        story.outcome(),
        story.why(),
        story.verdict(),
        story.leases(),
        story.endpoint(),
        story.modelId(),
        reference("record"),
        reference("report"));
  }

  boolean openedTest() {
    return asked.stream().anyMatch(job -> job.part() == Part.TEST);
  }
}
