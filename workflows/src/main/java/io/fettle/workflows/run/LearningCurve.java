package io.fettle.workflows.run;

import io.fettle.workflows.artifact.MergeJob;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.Subsets;
import io.fettle.workflows.data.SubsetsJob;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.CurvePoint;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.plan.ScheduleRequest;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.wire.Reference;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What models score on dev that were trained on parts of the rows. Each is a train as the run's own
 * is, with a ledger of its own beside the run's, so that neither ever resumes from the other's
 * checkpoints; done once, all of it is looked up.
 */
final class LearningCurve {
  private static final int ALL = 100;

  private final String run = Workflow.getInfo().getWorkflowId();
  private final Steps steps;
  private final Trains trains;
  private final Arms arms;
  private final Plan plan;
  private final Made made;
  private final Dataset data;
  private final List<CurvePoint> points = new ArrayList<>();
  private String whyNone = "";

  LearningCurve(Steps steps, Trains trains, Arms arms, Plan plan, Made made, Dataset data) {
    this.steps = steps;
    this.trains = trains;
    this.arms = arms;
    this.plan = plan;
    this.made = made;
    this.data = data;
  }

  /** The advice that knows the parts; the one there was where they are too few, or one failed. */
  Baselines advised(Baselines prompted) {
    return tried(() -> points().isEmpty() ? prompted : arms.baselines(points()), prompted);
  }

  /**
   * Keeps the same with the run's own model as the last point, which decides nothing any more.
   *
   * @return what to note where it is lacking
   */
  String lastPoint(Checkpoint trained, Reference merged) {
    if (!whyNone.isEmpty()) {
      return "";
    }
    tried(() -> withLast(trained, merged), Optional.<Baselines>empty())
        .ifPresent(scored -> made.document("curve", scored.details()));
    return whyNone.isEmpty() || points.isEmpty()
        ? ""
        : "; the curve lacks its last point: " + whyNone;
  }

  private Optional<Baselines> withLast(Checkpoint trained, Reference merged) {
    if (points().isEmpty()) {
      return Optional.empty();
    }
    List<CurvePoint> all = new ArrayList<>(points());
    all.add(
        new CurvePoint(ALL, data.train(), arms.tunedOnDev(trained, () -> merged, percent(ALL))));
    return Optional.of(arms.baselines(all));
  }

  /** A curve only advises: whatever fails in it but for a cancel, the run goes on without. */
  private <T> T tried(Supplier<T> work, T without) {
    try {
      return work.get();
    } catch (TemporalFailure failure) {
      if (failure instanceof CanceledFailure || failure.getCause() instanceof CanceledFailure) {
        throw failure;
      }
      whyNone = said(failure);
      return without;
    }
  }

  private static String said(TemporalFailure failure) {
    Throwable cause = failure instanceof ActivityFailure ? failure.getCause() : failure;
    return cause instanceof ApplicationFailure known
        ? known.getOriginalMessage()
        : String.valueOf(failure.getMessage());
  }

  /** What came of it, or why there is none. */
  String note(Baselines found) {
    return whyNone.isEmpty() ? PhaseNotes.advice(found) : "no curve: " + whyNone;
  }

  private List<CurvePoint> points() {
    if (points.isEmpty()) {
      List<CurvePoint> all = new ArrayList<>();
      Subsets subsets =
          steps
              .data("parts of the rows to train on")
              .subsets(new SubsetsJob(run, data.tree(), plan.spec(), plan.arms().curve()));
      whyNone = subsets.why();
      subsets.parts().forEach(subset -> all.add(point(subset)));
      points.addAll(all);
    }
    return points;
  }

  private CurvePoint point(Subsets.Subset subset) {
    String ledger = "%s.curve-%d".formatted(run, subset.percent());
    Reference baseModel = made.model().tree();
    Schedule schedule =
        steps
            .plan("batch and steps of %s of the rows".formatted(percent(subset.percent())))
            .schedule(
                new ScheduleRequest(
                    ledger,
                    made.execution(),
                    plan.spec(),
                    baseModel,
                    subset.tree(),
                    subset.rows(),
                    data.dev(),
                    made.salt()));
    Checkpoint trained =
        trains
            .part(
                new TrainInputs(
                    ledger, schedule.input(), schedule.training(), baseModel, subset.tree()))
            .checkpoint();
    Answers answers = arms.tunedOnDev(trained, () -> merged(trained), percent(subset.percent()));
    arms.partIsDone();
    return new CurvePoint(subset.percent(), subset.rows(), answers);
  }

  /** Only where the engine cannot load the adapter beside its base. */
  private Reference merged(Checkpoint trained) {
    return steps
        .merge("merge the adapter of a part")
        .merge(new MergeJob(run, plan.spec(), made.model().tree(), trained.adapter(), made.salt()))
        .tree();
  }

  private static String percent(int percent) {
    return percent + "%";
  }
}
