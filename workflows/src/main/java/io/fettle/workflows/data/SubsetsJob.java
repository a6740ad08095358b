package io.fettle.workflows.data;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/**
 * Which parts of the training rows to take.
 *
 * @param dataset tree manifest of the dataset
 * @param spec the resolved spec, whose seed draws
 * @param percents of the training rows, ascending
 */
public record SubsetsJob(String run, Reference dataset, Reference spec, List<Integer> percents) {
  public SubsetsJob {
    percents = Copies.list(percents);
  }
}
