package io.fettle.data.dedup;

import io.fettle.data.row.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows whose prompts, or whose prompts and answers together, have a Jaccard similarity of at least
 * 0.8 over word 5-grams. System turns and constants of a source count for nothing; a row that is
 * left with fewer than three shingles is similar to none here and is compared by its fingerprint
 * alone. Holds the shingles of every row: 8 bytes a word and column.
 */
public final class NearDuplicates {
  private static final int MIN_SHINGLES = 3;

  /** Takes the pairs as they are found, each once or twice, in no useful order. */
  public interface Pairs {
    /** Whether it matters if these two are similar; asked before the costly comparison. */
    boolean matters(int a, int b);

    void similar(int a, int b);
  }

  private final List<String> sources = new ArrayList<>();
  private final List<long[]> prompts = new ArrayList<>();
  private final List<long[]> wholes = new ArrayList<>();
  private int constants;

  /** Adds a row; rows are numbered from 0 in the order in which they come. */
  public void add(Row row) {
    sources.add(row.source());
    prompts.add(Shingles.of(row.prompt()));
    wholes.add(Shingles.of(row.prompt() + "\n" + row.response()));
  }

  /** Reports every pair that matters. */
  public void forEach(Pairs pairs) {
    long[] ignored = Constants.of(wholes, sources);
    constants = ignored.length;
    SimilarityJoin.run(telling(prompts, ignored), pairs);
    SimilarityJoin.run(telling(wholes, ignored), pairs);
  }

  /** How many shingles the last search ignored as constants. */
  public int constants() {
    return constants;
  }

  private static List<long[]> telling(List<long[]> rows, long[] ignored) {
    return rows.stream()
        .map(row -> Shingles.without(row, ignored))
        .map(row -> row.length < MIN_SHINGLES ? new long[0] : row)
        .toList();
  }
}
