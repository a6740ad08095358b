package io.fettle.workflows.capacity;

import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;

/**
 * What is needed.
 *
 * @param run the run's id
 * @param pools pools to try, in order
 * @param shape machine type
 * @param acquisition number of this acquisition in the run, from 1
 * @param cheaper whether only a host of the cheaper market is asked for, since the run has a dearer
 *     one that works
 */
public record CapacityRequest(
    String run,
    List<String> pools,
    String shape,
    int acquisition,
    CapacityTerms terms,
    CapacityProgress progress,
    boolean cheaper) {
  public CapacityRequest {
    pools = Copies.list(pools);
    terms = Objects.requireNonNullElse(terms, CapacityTerms.NONE);
    progress = Objects.requireNonNullElse(progress, CapacityProgress.NONE);
  }
}
