package io.fettle.data.prepare;

import io.fettle.data.row.Tally;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the rows. Holds counts and row numbers, never text.
 *
 * @param hash the dataset hash, as {@link io.fettle.data.version.DatasetManifest#datasetHash} has
 *     it; equal inputs, options and seed give an equal one
 * @param parts train, dev, test
 * @param stages every stage in order; whatever one saw, it kept or dropped for a reason
 * @param lengths of rows in tokens, before and after the filters
 * @param clusters how rows hang together
 * @param conflicts prompts that are alike and answered differently
 * @param contamination which items of the user's test set and of benchmarks rows of the pool held
 * @param swaps whether prompts and answers are the wrong way round somewhere
 * @param redactions how much personal data was blacked out in the pool, by kind
 * @param testRowsOutsideLength rows of the user's test set that the length filter would have
 *     dropped; they are kept
 * @param quality how good others found the rows
 */
public record PrepareReport(
    String hash,
    List<PartReport> parts,
    List<Tally.Counts> stages,
    LengthReport lengths,
    ClusterReport clusters,
    ConflictReport conflicts,
    ContaminationReport contamination,
    SwapReport swaps,
    Map<String, Integer> redactions,
    int testRowsOutsideLength,
    QualityReport quality) {
  public PrepareReport {
    parts = List.copyOf(parts);
    stages = List.copyOf(stages);
    redactions = Map.copyOf(redactions);
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
   * @param shown ids of some rows of the largest clusters
   */
  public record ClusterReport(
      int clusters, int rowsInCompany, int largest, int ignoredShingles, List<List<String>> shown) {
    public ClusterReport {
      shown = List.copyOf(shown);
    }
  }

  /**
   * What the search for swapped fields said.
   *
   * @param finding a sentence
   * @param batches rows that read backwards
   */
  public record SwapReport(String finding, List<Batch> batches) {
    public SwapReport {
      batches = List.copyOf(batches);
    }

    /**
     * Rows on end.
     *
     * @param source the file, or the batch that they declare
     * @param declared whether it is a batch that they declare; its rows may lie anywhere
     * @param first the first of them among the source's rows that were kept so far, from 1
     * @param last the last one
     * @param backwards how many of them read backwards
     * @param examples ids of some of these
     */
    public record Batch(
        String source,
        boolean declared,
        int first,
        int last,
        int backwards,
        List<String> examples) {
      public Batch {
        examples = List.copyOf(examples);
      }

      /** What it is called: the file's name, or {@code batch "NAME"}. */
      public String called() {
        return declared ? "batch \"%s\"".formatted(source) : source;
      }

      /** What was found, without a row's text. */
      public String sentence() {
        return "rows %d to %d of %s look as if prompt and answer were swapped (%d of them, as %s)"
            .formatted(first, last, called(), backwards, String.join(", ", examples));
      }
    }
  }

  /**
   * Prompts alike with different answers: all kept, in one cluster.
   *
   * @param samples the ids of the first rows
   * @param shown those of some rows of the first conflicts
   */
  public record ConflictReport(
      int prompts, int rows, List<String> samples, List<List<String>> shown) {
    public ConflictReport {
      samples = List.copyOf(samples);
      shown = List.copyOf(shown);
    }
  }

  /**
   * What of the test set that the user brings, and of benchmarks, rows of the pool held. All of
   * these rows were dropped.
   *
   * @param ignoredGrams word 8-grams of the items that counted for nothing, because many rows of a
   *     source or many items of a file hold them
   * @param files the test set, then the benchmarks
   */
  public record ContaminationReport(int ignoredGrams, List<Items> files) {
    public ContaminationReport {
      files = List.copyOf(files);
    }

    /**
     * One file of items.
     *
     * @param items how many could be read
     * @param unreadable those that could not, by reason
     * @param met how many of them rows of the pool held
     * @param rows how many rows of the pool held some
     * @param spans where the first of these rows did
     */
    public record Items(
        String file,
        long items,
        List<Tally.Counts.Drop> unreadable,
        int met,
        int rows,
        List<Span> spans) {
      public Items {
        unreadable = List.copyOf(unreadable);
        spans = List.copyOf(spans);
      }
    }

    /**
     * The strongest evidence that one row gives.
     *
     * @param row its id
     * @param item the id of the item
     * @param from the first of the row's words that are the item's, from 1, counted over all of its
     *     turns
     * @param to the last of them
     * @param percent how much of the item's words the row holds
     * @param isWhole whether the item's prompt is the row's prompt, or a turn of its user
     */
    public record Span(String row, String item, int from, int to, int percent, boolean isWhole) {}
  }

  /**
   * Rows by length.
   *
   * @param edges of the bins in tokens, one more than there are bins
   * @param before rows of each bin that the template took
   * @param after rows of each bin that are in a part
   */
  public record LengthReport(List<Integer> edges, List<Long> before, List<Long> after) {
    public LengthReport {
      edges = List.copyOf(edges);
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }
}
