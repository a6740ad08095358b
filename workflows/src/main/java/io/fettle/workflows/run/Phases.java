package io.fettle.workflows.run;

import io.fettle.workflows.artifact.Artifact;
import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.artifact.FetchModel;
import io.fettle.workflows.artifact.MergeJob;
import io.fettle.workflows.artifact.QuantizeJob;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlanRequest;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.plan.ScheduleRequest;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.serving.DeployRequest;
import io.fettle.workflows.serving.Deployment;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.FinishedTrain;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.SearchAttributes;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One method a phase of the run, in DESIGN's order. */
final class Phases {
  private final String run = Workflow.getInfo().getWorkflowId();
  private final String execution = Workflow.getInfo().getRunId();
  private final Steps steps = new Steps();
  private final RunRequest request;
  private final Journal journal;
  private final Park park;
  private final Approval approval;
  private final Amendments amendments;
  private final String salt;
  private final List<Document> documents = new ArrayList<>();
  private @Nullable Hosts hosts;
  private @Nullable BaseModel baseModel;
  private @Nullable Schedule schedule;
  private Optional<EvaluationReport> evaluation = Optional.empty();
  private Optional<Deployment> deployment = Optional.empty();
  private int incumbentVersion;

  Phases(RunRequest request, Journal journal, Park park, Approval approval, Amendments amendments) {
    this.request = request;
    this.journal = journal;
    this.park = park;
    this.amendments = amendments;
    this.approval = approval;
    this.salt = request.fresh() ? Workflow.getInfo().getOriginalExecutionRunId() : "";
    document("spec", request.spec());
    document("criteria", request.criteria());
  }

  Plan plan() {
    return phase(
        "plan",
        () -> {
          BaseModel model =
              steps.model("fetch the base model").fetchModel(new FetchModel(run, request.spec()));
          baseModel = model;
          document("baseModel", model.tree());
          Plan plan =
              steps
                  .plan("resolve, estimate, price")
                  .plan(new PlanRequest(run, execution, request.spec(), model.tree()));
          hosts = new Hosts(steps, journal, park, amendments, plan);
          amendments.planned(plan);
          document("resolvedSpec", plan.spec());
          journal.planned(plan.title(), plan.baseModelName(), plan.crashesAllowed());
          return plan;
        },
        plan ->
            "%.1f of %.1f GiB, %s, $%.2f"
                .formatted(
                    gib(plan.memoryBytes()),
                    gib(plan.memoryAvailableBytes()),
                    plan.shape(),
                    plan.dollars()));
  }

  Dataset prepare(Plan plan) {
    return phase(
        "prepare",
        () -> {
          Dataset data =
              steps
                  .data("rows to train, dev and test")
                  .prepare(new PrepareJob(run, plan.spec(), model().tree(), salt));
          document("dataset", data.tree());
          Schedule resolved =
              steps
                  .plan("batch, steps and intervals")
                  .schedule(
                      new ScheduleRequest(
                          run,
                          execution,
                          plan.spec(),
                          model().tree(),
                          data.tree(),
                          data.train(),
                          data.dev(),
                          salt));
          schedule = resolved;
          document("training", resolved.training());
          journal.scheduled(resolved.maxSteps());
          return data;
        },
        data ->
            "%s%d train, %d dev, %d test of %d rows"
                .formatted(
                    reused(data.reused()), data.train(), data.dev(), data.test(), data.read()));
  }

  Baselines baselines(Plan plan, Dataset data) {
    return phase(
        "baselines",
        () -> {
          Baselines found = arms(plan, data).baselines();
          document("baselines", found.details());
          return found;
        },
        found -> "%s: %s".formatted(found.advice(), found.why()));
  }

  /** A phase that a pause may come before. */
  private <T> T phase(String name, Supplier<T> work, Function<T, String> note) {
    park.waitIfPaused(this::giveBack);
    return journal.phase(name, work, note);
  }

  /** Whether nothing was refused: the gate passed, or an operator skips it. */
  boolean mayGoOn(Plan plan, EvaluationReport report) {
    return !plan.gate() || report.passes() || amendments.skipsGate().isPresent();
  }

  /** The report's numbers, and who went on in spite of them. */
  String why(EvaluationReport report) {
    return report.passes()
        ? report.why()
        : amendments
            .skipsGate()
            .map(
                skip ->
                    "%s; the gate was skipped by %s: %s"
                        .formatted(report.why(), skip.by(), skip.reason()))
            .orElseGet(report::why);
  }

  boolean worthTraining(Plan plan, Baselines baselines) {
    return baselines.advice().goesOn() || plan.adviceOverride().isPresent();
  }

  Checkpoint train(Plan plan, Dataset data) {
    return phase(
            "train",
            () -> {
              Optional<Checkpoint> done =
                  steps
                      .ledger("look for a finished train")
                      .finished(new FinishedTrain(run, schedule().input()));
              Checkpoint checkpoint = done.orElseGet(() -> loop(plan, data).run());
              document("manifest", checkpoint.manifest());
              document("adapter", checkpoint.adapter());
              return new Trained(checkpoint, done.isPresent());
            },
            Trained::note)
        .checkpoint();
  }

  private record Trained(Checkpoint checkpoint, boolean reused) {
    String note() {
      return "%scheckpoint of step %d%s"
          .formatted(
              Phases.reused(reused),
              checkpoint.step(),
              checkpoint
                  .devLoss()
                  .map(loss -> String.format(Locale.ROOT, ", dev loss %.3f", loss))
                  .orElse(""));
    }
  }

  private TrainingLoop loop(Plan plan, Dataset data) {
    TrainInputs inputs =
        new TrainInputs(schedule().input(), schedule().training(), model().tree(), data.tree());
    return new TrainingLoop(steps, hosts(), journal, park, amendments, plan, inputs);
  }

  Artifact merge(Plan plan, Checkpoint adapter) {
    return phase(
        "merge",
        () -> {
          Artifact merged =
              steps
                  .merge("merge the adapter of step " + adapter.step())
                  .merge(new MergeJob(run, plan.spec(), model().tree(), adapter.adapter(), salt));
          document("merged", merged.tree());
          return merged;
        },
        Phases::described);
  }

  Artifact quantize(Plan plan, Artifact merged, Dataset data) {
    return phase(
        "quantize",
        () -> {
          Artifact artifact =
              plan.quantizeScheme().equals("none") ? merged : quantized(plan, merged, data);
          document("artifact", artifact.tree());
          return artifact;
        },
        Phases::described);
  }

  private Artifact quantized(Plan plan, Artifact merged, Dataset data) {
    QuantizeJob job =
        new QuantizeJob(run, plan.quantizeScheme(), plan.spec(), merged.tree(), data.tree(), salt);
    return steps
        .artifactLookup("look for the quantized model")
        .findQuantized(job)
        .orElseGet(
            () ->
                hosts()
                    .on(
                        host ->
                            steps
                                .quantize(host, "quantize to " + plan.quantizeScheme())
                                .quantize(job)));
  }

  EvaluationReport evaluate(
      Plan plan,
      Dataset data,
      Baselines baselines,
      Checkpoint adapter,
      Artifact candidate,
      Artifact merged) {
    return phase(
        "evaluate",
        () -> {
          incumbentVersion =
              plan.endpoint()
                  .flatMap(
                      endpoint ->
                          steps.alias("read the alias of " + endpoint).currentAlias(endpoint))
                  .map(Alias::version)
                  .orElse(0);
          EvaluationReport report =
              arms(plan, data).judge(baselines.shots(), adapter, merged.tree(), candidate.tree());
          evaluation = Optional.of(report);
          document("evaluation", report.details());
          Workflow.upsertTypedSearchAttributes(
              SearchAttributes.VERDICT.valueSet(report.verdict().name()));
          return report;
        },
        report -> "%s: %s".formatted(report.verdict(), report.why()));
  }

  Decision approve(Plan plan) {
    return plan.approval()
        .map(this::askFor)
        .orElseGet(() -> new Decision(true, "the spec", "asks for no approval"));
  }

  private Decision askFor(Duration deadline) {
    return phase(
        "approve",
        () -> {
          hosts().giveBack("an approval may take long", "");
          return approval.await(deadline);
        },
        decision ->
            "%s by %s".formatted(decision.approved() ? "approved" : "refused", decision.by()));
  }

  Deployment deploy(Plan plan, Artifact candidate) {
    return phase(
        "deploy",
        () -> {
          String endpoint = plan.endpoint().orElseThrow();
          Deployment done =
              hosts()
                  .on(
                      host ->
                          steps
                              .deploy("deploy to " + endpoint)
                              .requestDeploy(request(endpoint, plan, candidate, host)));
          deployment = Optional.of(done);
          hosts().giveBack("the endpoint has it now", endpoint);
          Workflow.upsertTypedSearchAttributes(SearchAttributes.ENDPOINT.valueSet(endpoint));
          return done;
        },
        done ->
            "%s version %d, %s".formatted(done.endpoint(), done.alias().version(), done.canary()));
  }

  private DeployRequest request(String endpoint, Plan plan, Artifact candidate, Host host) {
    return new DeployRequest(
        endpoint,
        run,
        modelId(candidate),
        plan.spec(),
        candidate.tree(),
        host.queue(),
        incumbentVersion);
  }

  RunRecord record(RunOutcome outcome, String why) {
    Workflow.upsertTypedSearchAttributes(SearchAttributes.OUTCOME.valueSet(outcome.name()));
    return journal.phase(
        "record",
        () -> {
          giveBack("the run has ended");
          return steps
              .lineage("write record and report")
              .record(
                  new RunStory(
                      run,
                      execution,
                      outcome,
                      why,
                      journal.status().title(),
                      evaluation.map(report -> report.verdict().name()).orElse(""),
                      documents,
                      journal.phases(),
                      journal.leases(),
                      deployment.map(Deployment::endpoint),
                      deployment.map(done -> done.alias().modelId()).orElse(""),
                      journal.audit()));
        },
        record -> outcome.name());
  }

  /** Gives the host back, if one is still held. */
  void giveBack(String why) {
    if (hosts != null) {
      hosts.giveBack(why, "");
    }
  }

  private Arms arms(Plan plan, Dataset data) {
    return new Arms(steps, hosts(), request.criteria(), plan, data.tree(), model().tree(), salt);
  }

  private String modelId(Artifact candidate) {
    return run + "@" + candidate.tree().shortHash();
  }

  private void document(String name, Reference reference) {
    documents.removeIf(document -> document.name().equals(name));
    documents.add(new Document(name, reference));
  }

  private Hosts hosts() {
    return made(hosts);
  }

  private BaseModel model() {
    return made(baseModel);
  }

  private Schedule schedule() {
    return made(schedule);
  }

  private static <T> T made(@Nullable T byAnEarlierPhase) {
    if (byAnEarlierPhase == null) {
      throw new IllegalStateException("a phase ran before the one that it stands on");
    }
    return byAnEarlierPhase;
  }

  private static String described(Artifact artifact) {
    return "%s%s, %.1f MB"
        .formatted(reused(artifact.reused()), artifact.kind(), artifact.bytes() / 1e6);
  }

  private static String reused(boolean reused) {
    return reused ? "reused: " : "";
  }

  private static double gib(long bytes) {
    return bytes / (double) (1L << 30);
  }
}
