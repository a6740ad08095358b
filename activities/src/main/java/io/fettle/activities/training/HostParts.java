package io.fettle.activities.training;

import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.Ledger;
import java.time.Clock;
import java.util.function.Consumer;

/** What every supervision of one host shares. */
record HostParts(
    HostOptions options,
    ObjectStore store,
    StepCache steps,
    Contact contact,
    TrainingHost.TrainerCommand command,
    Inputs inputs,
    Consumer<Supervision> onClosed) {

  Ledger ledger(String run) {
    return new Ledger(store, run, Clock.systemUTC());
  }

  void closed(Supervision supervision) {
    onClosed.accept(supervision);
  }
}
