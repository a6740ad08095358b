package io.fettle.workflows.run;

import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.wire.Reference;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    List<Answers> answers = new ArrayList<>();
    answers.add(prompted(Arm.ZERO_SHOT, Part.DEV, 0));
    for (int shots : plan.fewShot()) {
      answers.add(prompted(Arm.FEW_SHOT, Part.DEV, shots));
    }
    return steps
        .evaluation("score the prompted arms on dev")
        .scoreBaselines(new ScoreJob(run, criteria, dataset, answers));
  }

  /**
   * Every arm on test: the prompted ones, the tuned model unquantized, and the artifact that will
   * serve.
   */
  EvaluationReport judge(int shots, Checkpoint trained, Reference merged, Reference candidate) {
    List<Answers> answers = new ArrayList<>();
    answers.add(prompted(Arm.ZERO_SHOT, Part.TEST, 0));
    if (shots > 0) {
      answers.add(prompted(Arm.FEW_SHOT, Part.TEST, shots));
    }
    tuned(trained, merged, candidate).map(this::answer).ifPresent(answers::add);
    answers.add(answer(job(Arm.SERVED, Part.TEST, 0, candidate, Optional.empty())));
    return steps
        .evaluation("decide the gate on test")
        .judge(new JudgeJob(run, execution, criteria, dataset, answers));
  }

  /**
   * The candidate's unquantized parent: the adapter beside the base that is loaded anyway, where
   * the engine can.
   */
  private Optional<AnswerJob> tuned(Checkpoint trained, Reference merged, Reference candidate) {
    if (plan.tunesAdapter() && plan.engineLoadsAdapters()) {
      return Optional.of(job(Arm.TUNED, Part.TEST, 0, baseModel, Optional.of(trained.adapter())));
    }
    return merged.equals(candidate)
        ? Optional.empty()
        : Optional.of(job(Arm.TUNED, Part.TEST, 0, merged, Optional.empty()));
  }

  private Answers prompted(Arm arm, Part part, int shots) {
    return answer(job(arm, part, shots, baseModel, Optional.empty()));
  }

  private AnswerJob job(
      Arm arm, Part part, int shots, Reference model, Optional<Reference> adapter) {
    return new AnswerJob(
        run, arm, part, shots, plan.spec(), criteria, dataset, model, adapter, salt);
  }

  private Answers answer(AnswerJob job) {
    String what =
        "%s%s on %s"
            .formatted(
                job.arm().name().toLowerCase(Locale.ROOT),
                job.shots() > 0 ? " (" + job.shots() + ")" : "",
                job.part().name().toLowerCase(Locale.ROOT));
    return steps
        .answerLookup("look for answers: " + what)
        .findAnswers(job)
        .orElseGet(() -> hosts.on(host -> steps.answers(host, what).answer(job)));
  }
}
