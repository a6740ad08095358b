package io.fettle.workflows.training;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/** Tree manifests to bring to the host that {@code token} claimed for {@code run}. */
public record StageJob(String run, String token, List<Reference> trees) {
  public StageJob {
    trees = Copies.list(trees);
  }
}
