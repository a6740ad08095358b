package io.fettle.workflows.run;

import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.CurvePoint;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlannedArms;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.wire.Reference;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Has the arms answered, finished ones looked up, and has them scored. Arms that share an engine
 * are asked in a row.
 */
final class Arms {
  private final String run = Workflow.getInfo().getWorkflowId();
  private final String execution;
  private final Steps steps;
  private final Hosts hosts;
  private final Reference criteria;
  private final Plan plan;
  private final Reference dataset;
  private final Reference baseModel;
  private final String salt;
  private final List<Answers> promptedOnDev = new ArrayList<>();

  Arms(
      String execution,
      Steps steps,
      Hosts hosts,
      Reference criteria,
      Plan plan,
      Reference dataset,
      Reference baseModel,
      String salt) {
    this.execution = execution;
    this.steps = steps;
    this.hosts = hosts;
    this.criteria = criteria;
    this.plan = plan;
    this.dataset = dataset;
    this.baseModel = baseModel;
    this.salt = salt;
  }

  /** The prompted arms on dev, and what they advise. */
  Baselines baselines() {
    return baselines(List.of());
  }

  /** The same beside what models score that were trained on parts of the rows. */
  Baselines baselines(List<CurvePoint> curve) {
    if (promptedOnDev.isEmpty()) {
      promptedOnDev.addAll(promptedOnDev());
    }
    return steps
        .evaluation(
            curve.isEmpty() ? "score the prompted arms on dev" : "score the learning curve on dev")
        .scoreBaselines(
            new ScoreJob(run, criteria, dataset, promptedOnDev, Optional.of(plan.spec()), curve));
  }

  private List<Answers> promptedOnDev() {
    List<Answers> answers = new ArrayList<>();
    answers.add(prompted(Arm.ZERO_SHOT, Part.DEV, 0));
    for (String way : ways()) {
      for (int shots : plan.fewShot()) {
        answers.add(prompted(Arm.FEW_SHOT, Part.DEV, shots, way));
      }
    }
    answers.addAll(others(Part.DEV));
    for (String probe : plan.arms().probes()) {
      answers.add(prompted(Arm.ZERO_SHOT, Part.DEV, 0, probe));
    }
    return answers;
  }

  /**
   * What a train made, on dev.
   *
   * @param merged for engines that load no adapter beside the base
   * @param variant which train
   */
  Answers tunedOnDev(Checkpoint trained, Supplier<Reference> merged, String variant) {
    return answer(
        servesAdapter()
            ? job(Arm.TUNED, Part.DEV, 0, baseModel, Optional.of(trained.adapter()), variant)
            : job(Arm.TUNED, Part.DEV, 0, merged.get(), Optional.empty(), variant));
  }

  /** An engine of a model that nobody asks again would take the next train's memory. */
  void partIsDone() {
    if (!servesAdapter()) {
      hosts.stopEngines();
    }
  }

  private boolean servesAdapter() {
    return plan.tunesAdapter() && plan.engineLoadsAdapters();
  }

  /**
   * Every arm on test: the prompted ones as they did best on dev, what else there is to compare
   * with, the tuned model unquantized, and the artifact that will serve.
   */
  EvaluationReport judge(
      Baselines best, Checkpoint trained, Reference merged, Reference candidate) {
    List<Answers> answers = new ArrayList<>();
    answers.add(prompted(Arm.ZERO_SHOT, Part.TEST, 0));
    if (best.shots() > 0) {
      answers.add(prompted(Arm.FEW_SHOT, Part.TEST, best.shots(), best.variant()));
    }
    answers.addAll(others(Part.TEST));
    if (plan.arms().regression()) {
      answers.add(prompted(Arm.ZERO_SHOT, Part.REGRESSION, 0));
    }
    tuned(trained, merged, candidate).map(this::answer).ifPresent(answers::add);
    answers.add(answer(job(Arm.SERVED, Part.TEST, 0, candidate, Optional.empty())));
    if (plan.arms().regression()) {
      answers.add(answer(job(Arm.SERVED, Part.REGRESSION, 0, candidate, Optional.empty())));
    }
    return steps
        .evaluation("decide the gate on test")
        .judge(new JudgeJob(run, execution, criteria, dataset, answers, Optional.of(plan.spec())));
  }

  /**
   * The candidate's unquantized parent: the adapter beside the base that is loaded anyway, where
   * the engine can.
   */
  private Optional<AnswerJob> tuned(Checkpoint trained, Reference merged, Reference candidate) {
    if (servesAdapter()) {
      return Optional.of(job(Arm.TUNED, Part.TEST, 0, baseModel, Optional.of(trained.adapter())));
    }
    return merged.equals(candidate)
        ? Optional.empty()
        : Optional.of(job(Arm.TUNED, Part.TEST, 0, merged, Optional.empty()));
  }

  /** How few-shot chooses examples; at random is the usual way, and has no name of its own. */
  private List<String> ways() {
    return plan.arms().ways().isEmpty()
        ? List.of("")
        : plan.arms().ways().stream().map(way -> way.equals("random") ? "" : way).toList();
  }

  /**
   * Arms that a plan has only since there are such. What needs no engine of ours is asked from the
   * cpu queue; it is on dev as well, so that a key that is wrong shows before anything is trained.
   */
  private List<Answers> others(Part part) {
    PlannedArms arms = plan.arms();
    List<Answers> answers = new ArrayList<>();
    if (arms.rag()) {
      answers.add(prompted(Arm.RAG, part, 0));
    }
    if (arms.classical()) {
      answers.add(aside(Arm.CLASSICAL, part, ""));
    }
    if (arms.incumbent() || servesAt(arms.endpoint())) {
      answers.add(aside(Arm.INCUMBENT, part, ""));
    }
    for (String name : arms.hosted()) {
      answers.add(aside(Arm.HOSTED, part, name));
    }
    return answers;
  }

  private boolean servesAt(String endpoint) {
    return !endpoint.isEmpty()
        && steps.alias("read the alias of " + endpoint).currentAlias(endpoint).isPresent();
  }

  private Answers prompted(Arm arm, Part part, int shots) {
    return prompted(arm, part, shots, "");
  }

  private Answers prompted(Arm arm, Part part, int shots, String variant) {
    return answer(job(arm, part, shots, baseModel, Optional.empty(), variant));
  }

  private Answers aside(Arm arm, Part part, String variant) {
    AnswerJob job = job(arm, part, 0, baseModel, Optional.empty(), variant);
    return found(job).orElseGet(() -> steps.answersAside(what(job)).answer(job));
  }

  private AnswerJob job(
      Arm arm, Part part, int shots, Reference model, Optional<Reference> adapter) {
    return job(arm, part, shots, model, adapter, "");
  }

  private AnswerJob job(
      Arm arm, Part part, int shots, Reference model, Optional<Reference> adapter, String variant) {
    return new AnswerJob(
        run, arm, part, shots, plan.spec(), criteria, dataset, model, adapter, salt, variant);
  }

  private Answers answer(AnswerJob job) {
    return found(job).orElseGet(() -> hosts.on(host -> steps.answers(host, what(job)).answer(job)));
  }

  private Optional<Answers> found(AnswerJob job) {
    return steps.answerLookup("look for answers: " + what(job)).findAnswers(job);
  }

  private static String what(AnswerJob job) {
    return "%s%s%s on %s"
        .formatted(
            job.arm().name().toLowerCase(Locale.ROOT),
            job.variant().isEmpty() ? "" : " " + job.variant(),
            job.shots() > 0 ? " (" + job.shots() + ")" : "",
            job.part().name().toLowerCase(Locale.ROOT));
  }
}
