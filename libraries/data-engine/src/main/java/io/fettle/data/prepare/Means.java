package io.fettle.data.prepare;

import io.fettle.data.dedup.NearDuplicates;
import java.util.Optional;

/**
 * By what a dataset is prepared, where the options leave it open.
 *
 * @param method how near-duplicates are sought
 * @param counter counts tokens
 * @param grading sees the rows of the pool after the length filter; without it nobody is asked how
 *     good they are
 */
public record Means(NearDuplicates.Method method, TokenCounter counter, Optional<Grading> grading) {
  /** Near-duplicates by the method that fits the rows, and no grades. */
  public static Means counting(TokenCounter counter) {
    return new Means(NearDuplicates.Method.AUTO, counter, Optional.empty());
  }

  /** The same with near-duplicates sought by another method. */
  public Means by(NearDuplicates.Method other) {
    return new Means(other, counter, grading);
  }

  /** The same with grades. */
  public Means with(Optional<Grading> other) {
    return new Means(method, counter, other);
  }
}
