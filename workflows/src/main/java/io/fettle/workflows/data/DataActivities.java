package io.fettle.workflows.data;

import io.temporal.activity.ActivityInterface;

/** Rows to a dataset. */
@ActivityInterface
public interface DataActivities {
  /**
   * Reads, validates, deduplicates, filters, splits by cluster and hashes. Queue {@code cpu}; a
   * cached step, safe to repeat: equal inputs give the same dataset hash.
   *
   * @return the dataset; the source of truth is its tree manifest in the store. Rows are messages,
   *     lengths are tokens
   * @throws io.temporal.failure.ApplicationFailure of type {@code BAD_DATA} with counts and row
   *     numbers where too little is left, or with what is wrong where a file cannot be read or
   *     fetched; never with a row's text
   */
  Dataset prepare(PrepareJob job);

  /**
   * Takes parts of the training rows for the learning curve: whole clusters, drawn by the seed,
   * each part inside the next. Queue {@code cpu}; safe to repeat: equal inputs give equal trees.
   *
   * @return the parts; none where the smallest would have too few rows to train on
   */
  Subsets subsets(SubsetsJob job);
}
