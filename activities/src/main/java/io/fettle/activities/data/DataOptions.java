package io.fettle.activities.data;

import io.fettle.activities.store.Stores.Access;
import java.nio.file.Path;

/**
 * Where prepare works.
 *
 * @param work its folders, one a step, removed at its end
 * @param cache staged blobs, shared with the other steps of this machine
 * @param shardBytes of training rows in one file; more go into several
 * @param access how buckets with rows are reached
 */
public record DataOptions(Path work, Path cache, long shardBytes, Access access) {
  /** Some thousands of requests for a terabyte, and a window of them fits a small disk. */
  public static final long SHARD_BYTES = 64L << 20;
}
