package io.fettle.workflows.artifact;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/**
 * A model folder in the store.
 *
 * @param kind {@code merged} or the quantization scheme
 * @param tree tree manifest of the folder
 * @param bytes of all files
 * @param measures what its verification measured
 * @param reused whether the record was there already
 */
public record Artifact(
    String kind, Reference tree, long bytes, List<Measure> measures, boolean reused) {
  public Artifact {
    measures = Copies.list(measures);
  }

  /** A verification's number by its name, such as {@code max_abs_logit_diff}. */
  public record Measure(String name, double value) {}
}
