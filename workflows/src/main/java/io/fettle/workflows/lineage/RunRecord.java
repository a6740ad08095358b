package io.fettle.workflows.lineage;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;
import java.util.Optional;

/**
 * A run's result.
 *
 * @param record {@code record.json}
 * @param report the self-contained HTML page
 */
public record RunRecord(
    String run,
    String execution,
    RunOutcome outcome,
    String why,
    String verdict,
    List<LeaseStory> leases,
    Optional<String> endpoint,
    String modelId,
    Reference record,
    Reference report) {
  public RunRecord {
    leases = Copies.list(leases);
  }
}
