package io.fettle.workflows.run;

import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.FinishedTrain;
import java.util.Optional;

/** The trains of a run, its own and the learning curve's; finished ones are looked up. */
final class Trains {
  private final Steps steps;
  private final Hosts hosts;
  private final Desk desk;
  private final Plan plan;
  private final RunRequest request;

  Trains(Steps steps, Hosts hosts, Desk desk, Plan plan, RunRequest request) {
    this.steps = steps;
    this.hosts = hosts;
    this.desk = desk;
    this.plan = plan;
    this.request = request;
  }

  /** What came of a train. */
  record Trained(Checkpoint checkpoint, boolean reused) {
    String note() {
      return PhaseNotes.checkpoint(checkpoint, reused);
    }
  }

  /** The run's own. */
  Trained own(TrainInputs inputs) {
    return ensured(inputs, loop(inputs, request.continued()));
  }

  /** One on a part of the rows, with a ledger of its own. */
  Trained part(TrainInputs inputs) {
    return ensured(inputs, loop(inputs, Optional.empty()).asPart());
  }

  private Trained ensured(TrainInputs inputs, TrainingLoop loop) {
    Optional<Checkpoint> done =
        steps
            .ledger("look for a finished train")
            .finished(new FinishedTrain(inputs.ledger(), inputs.input()));
    return new Trained(done.orElseGet(loop::run), done.isPresent());
  }

  private TrainingLoop loop(TrainInputs inputs, Optional<Continued> from) {
    return new TrainingLoop(steps, hosts, desk, plan, inputs, from).takingOver(request.takeOver());
  }
}
