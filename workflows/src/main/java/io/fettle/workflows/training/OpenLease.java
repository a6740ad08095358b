package io.fettle.workflows.training;

import java.util.Optional;

/**
 * Asks for the run's next lease.
 *
 * @param input the train step's input hash
 * @param host the host that will train
 * @param takeOver whether another namespace's live lease may be ended (audited)
 * @param takenOverBy who says so; empty where {@code takeOver} is false
 */
public record OpenLease(
    String run, String input, String host, boolean takeOver, Optional<TakeOver> takenOverBy) {

  /** The usual one: it ends nobody's lease. */
  public static OpenLease of(String run, String input, String host) {
    return new OpenLease(run, input, host, false, Optional.empty());
  }

  /** The same, which may end another namespace's lease. */
  public OpenLease takingOver(TakeOver by) {
    return new OpenLease(run, input, host, true, Optional.of(by));
  }
}
