package io.fettle.activities.staging;

import io.fettle.workflows.wire.Reference;
import java.nio.file.Path;

/**
 * A folder that was staged.
 *
 * @param bytesFetched what came from the store
 * @param bytesReused what the host had, verified
 */
public record Tree(
    Path folder, Reference manifest, TreeManifest files, long bytesFetched, long bytesReused) {}
