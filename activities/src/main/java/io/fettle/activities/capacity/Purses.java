package io.fettle.activities.capacity;

import io.fettle.activities.capacity.policy.Purse;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;

/** What runs have spent, and may still. */
interface Purses {
  Purses OPEN = (_, _) -> Purse.OPEN;

  Purse of(String run, CapacityTerms terms) throws IOException;

  /** Keeps the run's newest terms for those who watch over them. */
  default void keep(String run, CapacityTerms terms) throws IOException {}
}
