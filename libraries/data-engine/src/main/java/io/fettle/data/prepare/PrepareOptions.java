package io.fettle.data.prepare;

import io.fettle.data.read.Source;
import java.util.List;
import java.util.Optional;

/**
 * What to prepare and how.
 *
 * @param pool the files that are split, in order
 * @param testSet the user's own test rows, which stay whole; then {@code test} is {@link
 *     Share.None}
 * @param dropExactDuplicates whether a repeated row of the pool is dropped; near-duplicates are
 *     kept together either way
 * @param minTokens the shortest row of the pool that is kept
 * @param maxTokens the longest row of the pool that is kept
 * @param seed decides which cluster goes where, and nothing else
 */
public record PrepareOptions(
    List<Source> pool,
    Optional<Source> testSet,
    boolean dropExactDuplicates,
    int minTokens,
    int maxTokens,
    Share dev,
    Share test,
    long seed) {
  public PrepareOptions {
    pool = List.copyOf(pool);
  }
}
