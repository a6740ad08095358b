package io.fettle.workflows.capacity;

import io.fettle.workflows.spec.CapacityTerms;
import java.util.Objects;

/**
 * One acquisition: {@code token} is a hash of workflow run, acquisition number and offer, the same
 * for its retries.
 */
public record AcquireRequest(String run, Offer offer, String token, CapacityTerms terms) {
  public AcquireRequest {
    terms = Objects.requireNonNullElse(terms, CapacityTerms.NONE);
  }
}
