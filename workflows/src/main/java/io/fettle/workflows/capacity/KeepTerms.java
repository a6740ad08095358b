package io.fettle.workflows.capacity;

import io.fettle.workflows.spec.CapacityTerms;
import java.util.Objects;

/** What a run may cost from now on, as an operator has amended it. */
public record KeepTerms(String run, CapacityTerms terms) {
  public KeepTerms {
    terms = Objects.requireNonNullElse(terms, CapacityTerms.NONE);
  }
}
