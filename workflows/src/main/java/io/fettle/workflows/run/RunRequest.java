package io.fettle.workflows.run;

import io.fettle.workflows.training.TakeOver;
import io.fettle.workflows.wire.Reference;
import java.util.Optional;

/**
 * A run's input. The client puts spec and criteria into the store first.
 *
 * @param name the spec's name
 * @param spec the canonical spec
 * @param criteria the frozen criteria
 * @param fresh whether finished steps are done again: the execution's id then enters every input
 *     hash
 * @param continued what an earlier execution of the same run left; empty where a client starts it
 * @param takeOver who lets the first lease end one of another namespace; empty: it is refused
 * @param adviceOnly whether it ends with the advice, whatever that is
 */
public record RunRequest(
    String name,
    Reference spec,
    Reference criteria,
    boolean fresh,
    Optional<Continued> continued,
    Optional<TakeOver> takeOver,
    boolean adviceOnly) {

  /** As a client asks for it. */
  public static RunRequest of(String name, Reference spec, Reference criteria, boolean fresh) {
    return new RunRequest(name, spec, criteria, fresh, Optional.empty(), Optional.empty(), false);
  }

  /** The same, whose first lease may end one of another namespace. */
  public RunRequest takingOver(TakeOver by) {
    return new RunRequest(name, spec, criteria, fresh, continued, Optional.of(by), adviceOnly);
  }

  /** The same, which ends with the advice. */
  public RunRequest forAdvice() {
    return new RunRequest(name, spec, criteria, fresh, continued, takeOver, true);
  }

  RunRequest goingOn(Continued from) {
    return new RunRequest(
        name, spec, criteria, fresh, Optional.of(from), Optional.empty(), adviceOnly);
  }
}
