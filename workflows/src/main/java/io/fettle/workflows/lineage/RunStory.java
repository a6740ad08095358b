package io.fettle.workflows.lineage;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What happened, in small values and references; the documents are read from the store.
 *
 * @param outcome how it ended
 * @param why that outcome's numbers in a sentence
 * @param title one line for people
 * @param verdict the gate's word, else empty
 * @param documents by name: {@code spec, criteria, baseModel, dataset, training, baselines,
 *     manifest, adapter, merged, artifact, evaluation}; only those that exist
 * @param phases in order
 * @param leases in order
 * @param endpoint where it serves; empty: nowhere
 * @param modelId what serves there, else empty
 * @param audit operators' orders, in order
 * @param dataset the dataset hash, empty where the run did not come so far
 */
public record RunStory(
    String run,
    String execution,
    RunOutcome outcome,
    String why,
    String title,
    String verdict,
    List<Document> documents,
    List<PhaseTime> phases,
    List<LeaseStory> leases,
    Optional<String> endpoint,
    String modelId,
    List<AuditEntry> audit,
    String dataset) {
  public RunStory {
    documents = Copies.list(documents);
    phases = Copies.list(phases);
    leases = Copies.list(leases);
    audit = Copies.list(audit);
    dataset = Objects.requireNonNullElse(dataset, ""); // records of older releases have none
  }

  /** A document of the run in the store. */
  public record Document(String name, Reference reference) {}
}
