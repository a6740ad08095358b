package io.fettle.data.prepare;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.filter.RowFilter;
import io.fettle.data.read.Source;
import java.util.List;

/**
 * What to prepare and how.
 *
 * @param pool the files that are split, in order
 * @param testSet the files of the user's own test rows, which stay whole; if there are any, {@code
 *     test} is {@link Share.None}
 * @param benchmarks files of items that no row of the pool may hold, as {@link
 *     io.fettle.data.contamination.Benchmark} makes them
 * @param duplicates which repeated rows of the pool are dropped; those that are kept stay together
 * @param cleaning what else rows of the pool lose or are refused for
 * @param minTokens the shortest row of the pool that is kept
 * @param maxTokens the longest row of the pool that is kept
 * @param seed decides which cluster goes where, and nothing else
 * @param threads how many read; the dataset is the same for any number
 */
public record PrepareOptions(
    List<Source> pool,
    List<Source> testSet,
    List<Source> benchmarks,
    Duplicates duplicates,
    Cleaning cleaning,
    int minTokens,
    int maxTokens,
    Share dev,
    Share test,
    long seed,
    int threads) {
  /**
   * What is done to single rows of the pool, and what a swapped batch means. A test set that the
   * user brings is left as it is.
   *
   * @param filters in the order in which they look at a row
   * @param redacts whether personal data is blacked out, before anything else looks
   * @param stopsOnSwaps whether a batch whose prompts and answers are the wrong way round stops the
   *     preparation; else it is reported
   */
  public record Cleaning(List<RowFilter> filters, boolean redacts, boolean stopsOnSwaps) {
    public Cleaning {
      filters = List.copyOf(filters);
    }

    /** Nothing is filtered or redacted; a swapped batch stops. */
    public static Cleaning none() {
      return new Cleaning(List.of(), false, true);
    }
  }

  /** Which repeated rows are dropped. */
  public enum Duplicates {
    NONE,
    /** Those that repeat an earlier one but for white space. */
    EXACT,
    /** Also those with a Jaccard similarity of 0.8 over word 5-grams to an earlier one. */
    NEAR
  }

  public PrepareOptions {
    pool = List.copyOf(pool);
    testSet = List.copyOf(testSet);
    benchmarks = List.copyOf(benchmarks);
  }

  /**
   * What decides which rows come out, besides the files and the model: all of this but the number
   * of threads, as a manifest's {@code config}.
   */
  public ObjectNode recipe() {
    return Recipe.of(this);
  }
}
