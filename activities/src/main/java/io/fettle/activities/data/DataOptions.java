package io.fettle.activities.data;

import java.nio.file.Path;

/**
 * Where prepare works.
 *
 * @param work its folders, one a step, removed at its end
 * @param cache staged blobs, shared with the other steps of this machine
 */
public record DataOptions(Path work, Path cache) {}
