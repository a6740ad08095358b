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
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlanRequest;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.plan.ScheduleRequest;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.serving.DeployRequest;
import io.fettle.workflows.serving.Deployment;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.wire.SearchAttributes;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One method a phase of the run, in DESIGN's order. */
final class Phases {
  private final String run = Workflow.getInfo().getWorkflowId();
  private final Steps steps = new Steps(Pace.SHIPPED);
  private final RunRequest request;
  private final Desk desk;
  private final Journal journal;
  private final Made made;
  private @Nullable Hosts hosts;
  private @Nullable Arms arms;
  private @Nullable LearningCurve curve;
  private Optional<EvaluationReport> evaluation = Optional.empty();
  private Optional<Deployment> deployment = Optional.empty();
  private int incumbentVersion;
  private String lacking = "";

  Phases(RunRequest request, Desk desk) {
    this.request = request;
    this.desk = desk;
    this.journal = desk.journal();
    this.made = new Made(request);
    request.continued().ifPresent(from -> planned(from.plan()));
  }

  private void planned(Plan plan) {
    hosts = new Hosts(steps, desk, plan);
    desk.amendments().planned(plan);
  }

  Plan plan() {
    return before(Continued::plan).orElseGet(this::planNow);
  }

  /** What an earlier execution of this run has done already. */
  private <T> Optional<T> before(Function<Continued, T> part) {
    return request.continued().map(part);
  }

  private Plan planNow() {
    return phase(
        "plan",
        () -> {
          BaseModel model =
              steps.model("fetch the base model").fetchModel(new FetchModel(run, request.spec()));
          made.model(model);
          Plan plan =
              steps
                  .plan("resolve, estimate, price")
                  .plan(new PlanRequest(run, made.execution(), request.spec(), model.tree()));
          planned(plan);
          made.plan(plan);
          journal.planned(plan.title(), plan.baseModelName(), plan.crashesAllowed());
          return plan;
        },
        PhaseNotes::plan);
  }

  Dataset prepare(Plan plan) {
    return before(Continued::dataset).orElseGet(() -> prepareNow(plan));
  }

  private Dataset prepareNow(Plan plan) {
    return phase(
        "prepare",
        () -> {
          Dataset data =
              steps
                  .data("rows to train, dev and test")
                  .prepare(new PrepareJob(run, plan.spec(), made.model().tree(), made.salt()));
          made.dataset(data);
          journal.prepared(data);
          Schedule resolved =
              steps
                  .plan("batch, steps and intervals")
                  .schedule(
                      new ScheduleRequest(
                          run,
                          made.execution(),
                          plan.spec(),
                          made.model().tree(),
                          data.tree(),
                          data.train(),
                          data.dev(),
                          made.salt()));
          made.schedule(resolved);
          journal.scheduled(resolved.maxSteps());
          return data;
        },
        PhaseNotes::dataset);
  }

  Baselines baselines(Plan plan, Dataset data) {
    return before(Continued::baselines).orElseGet(() -> baselinesNow(plan, data));
  }

  private Baselines baselinesNow(Plan plan, Dataset data) {
    return phase(
        "baselines",
        () -> {
          Baselines found = arms(plan, data).baselines();
          made.baselines(found);
          return found;
        },
        PhaseNotes::advice);
  }

  /** What short trainings add, asked for and where the advice may still depend on them. */
  Baselines curve(Plan plan, Dataset data, Baselines prompted) {
    return isCurveAsked(plan) && request.continued().isEmpty() && worthTraining(plan, prompted)
        ? phase(
            "curve",
            () -> {
              Baselines found = learningCurve(plan, data).advised(prompted);
              made.baselines(found);
              return found;
            },
            found -> learningCurve(plan, data).note(found))
        : prompted;
  }

  private static boolean isCurveAsked(Plan plan) {
    return !plan.arms().curve().isEmpty();
  }

  private LearningCurve learningCurve(Plan plan, Dataset data) {
    if (curve == null) {
      curve = new LearningCurve(steps, trains(plan), arms(plan, data), plan, made, data);
    }
    return curve;
  }

  private Trains trains(Plan plan) {
    return new Trains(steps, hosts(), desk, plan, request);
  }

  /** A phase that a pause may come before. */
  private <T> T phase(String name, Supplier<T> work, Function<T, String> note) {
    desk.park().waitIfPaused(this::giveBack);
    return journal.phase(name, work, note);
  }

  /** Whether nothing was refused: the gate passed, or an operator skips it. */
  boolean mayGoOn(Plan plan, EvaluationReport report) {
    return !plan.gate() || report.passes() || desk.amendments().skipsGate().isPresent();
  }

  /** The report's numbers, and who went on in spite of them. */
  String why(EvaluationReport report) {
    return desk.amendments().why(report);
  }

  boolean worthTraining(Plan plan, Baselines baselines) {
    return baselines.advice().goesOn() || plan.adviceOverride().isPresent();
  }

  Checkpoint train(Plan plan, Dataset data) {
    return phase(
            "train",
            () -> {
              Schedule schedule = made.schedule();
              Trains.Trained trained =
                  trains(plan)
                      .own(
                          new TrainInputs(
                              run,
                              schedule.input(),
                              schedule.training(),
                              made.model().tree(),
                              data.tree()));
              made.document("manifest", trained.checkpoint().manifest());
              made.document("adapter", trained.checkpoint().adapter());
              return trained;
            },
            Trains.Trained::note)
        .checkpoint();
  }

  Artifact merge(Plan plan, Checkpoint adapter) {
    return phase(
        "merge",
        () -> {
          Artifact merged =
              steps
                  .merge("merge the adapter of step " + adapter.step())
                  .merge(
                      new MergeJob(
                          run, plan.spec(), made.model().tree(), adapter.adapter(), made.salt()));
          made.document("merged", merged.tree());
          return merged;
        },
        PhaseNotes::artifact);
  }

  Artifact quantize(Plan plan, Artifact merged, Dataset data) {
    return phase(
        "quantize",
        () -> {
          Artifact artifact =
              plan.quantizeScheme().equals("none") ? merged : quantized(plan, merged, data);
          made.document("artifact", artifact.tree());
          return artifact;
        },
        PhaseNotes::artifact);
  }

  private Artifact quantized(Plan plan, Artifact merged, Dataset data) {
    QuantizeJob job =
        new QuantizeJob(
            run, plan.quantizeScheme(), plan.spec(), merged.tree(), data.tree(), made.salt());
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
              arms(plan, data).judge(baselines, adapter, merged.tree(), candidate.tree());
          evaluation = Optional.of(report);
          made.document("evaluation", report.details());
          Workflow.upsertTypedSearchAttributes(
              SearchAttributes.VERDICT.valueSet(report.verdict().name()));
          lacking =
              isCurveAsked(plan) ? learningCurve(plan, data).lastPoint(adapter, merged.tree()) : "";
          return report;
        },
        report -> "%s: %s%s".formatted(report.verdict(), report.why(), lacking));
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
          return desk.approval().await(deadline);
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
                      made.execution(),
                      outcome,
                      why,
                      journal.status().title(),
                      evaluation.map(report -> report.verdict().name()).orElse(""),
                      made.documents(),
                      journal.phases(),
                      journal.leases(),
                      deployment.map(Deployment::endpoint),
                      deployment.map(done -> done.alias().modelId()).orElse(""),
                      journal.audit(),
                      journal.status().dataset()));
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
    if (arms == null) {
      arms =
          new Arms(
              made.execution(),
              steps,
              hosts(),
              request.criteria(),
              plan,
              data.tree(),
              made.model().tree(),
              made.salt());
    }
    return arms;
  }

  private String modelId(Artifact candidate) {
    return run + "@" + candidate.tree().shortHash();
  }

  /** Goes on in another execution: never returns. */
  RunRecord continueAsNew(HistoryFull full) {
    Workflow.await(Workflow::isEveryHandlerFinished);
    Continued going = made.continued(full, journal, desk.amendments().standing());
    return Workflow.newContinueAsNewStub(FineTuneWorkflow.class).run(request.goingOn(going));
  }

  private Hosts hosts() {
    return Made.made(hosts);
  }
}
