package io.fettle.data.prepare;

import io.fettle.data.row.Tally;
import java.util.List;
import java.util.Optional;

/**
 * What became of the rows. Holds counts and row numbers, never text.
 *
 * @param hash the dataset hash: SHA-256 over the parts' hashes; equal inputs, options and seed give
 *     an equal one
 * @param parts train, dev, test
 * @param stages every stage in order; whatever one saw, it kept or dropped for a reason
 * @param clusters how rows hang together
 * @param conflicts prompts that are alike and answered differently
 * @param testRowsOutsideLength rows of the user's test set that the length filter would have
 *     dropped; they are kept
 */
public record PrepareReport(
    String hash,
    List<PartReport> parts,
    List<Tally.Counts> stages,
    ClusterReport clusters,
    ConflictReport conflicts,
    int testRowsOutsideLength) {
  public PrepareReport {
    parts = List.copyOf(parts);
    stages = List.copyOf(stages);
  }

  /** The report of one part. */
  public PartReport part(Part part) {
    return parts.stream().filter(p -> p.part() == part).findFirst().orElseThrow();
  }

  /** Rows read, bad ones included. */
  public long read() {
    return stages.isEmpty() ? 0 : stages.getFirst().seen();
  }

  /** Why nothing can be trained or measured with this; empty if it can. */
  public Optional<String> problem() {
    List<String> empty =
        parts.stream().filter(p -> p.rows() == 0).map(p -> p.part().file()).toList();
    if (empty.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "%s would be empty (rows read %d, left %d, clusters of duplicates %d)"
            .formatted(String.join(" and ", empty), read(), kept(), clusters.clusters()));
  }

  private long kept() {
    return parts.stream().mapToLong(PartReport::rows).sum();
  }

  /**
   * One part.
   *
   * @param tokens of all its rows under the model's template
   * @param supervisedTokens those that carry the loss
   * @param medianTokens of a row
   * @param longestTokens of a row
   */
  public record PartReport(
      Part part,
      int rows,
      long bytes,
      String sha256,
      long tokens,
      long supervisedTokens,
      int medianTokens,
      int longestTokens) {}

  /**
   * Duplicates, near-duplicates and declared groups of the rows that were split.
   *
   * @param clusters how many, single rows included
   * @param rowsInCompany rows that are not alone in theirs
   * @param largest rows of the largest
   * @param ignoredShingles word 5-grams that counted for nothing, because many rows of a source
   *     hold them
   */
  public record ClusterReport(int clusters, int rowsInCompany, int largest, int ignoredShingles) {}

  /** Prompts alike with different answers: all kept, in one cluster; the ids of the first rows. */
  public record ConflictReport(int prompts, int rows, List<String> samples) {
    public ConflictReport {
      samples = List.copyOf(samples);
    }
  }
}
