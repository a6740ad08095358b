package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Runs;

/** A server that says the same of every run in its namespace. */
public record SameOfAll(State said) implements Runs {
  @Override
  public String namespace() {
    return "fettle";
  }

  @Override
  public State state(Execution execution) {
    return said;
  }
}
