package io.fettle.activities.data;

import io.fettle.activities.store.Stores.Access;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where prepare works.
 *
 * @param work its folders, one a step, removed at its end; and the scores that a killed step leaves
 *     to the next
 * @param cache staged blobs, shared with the other steps of this machine
 * @param shardBytes of training rows in one file; more go into several
 * @param access how buckets with rows are reached
 * @param secrets the value of a name; empty where this host has none
 */
public record DataOptions(
    Path work,
    Path cache,
    long shardBytes,
    Access access,
    Function<String, Optional<String>> secrets) {
  /** Some thousands of requests for a terabyte, and a window of them fits a small disk. */
  public static final long SHARD_BYTES = 64L << 20;
}
