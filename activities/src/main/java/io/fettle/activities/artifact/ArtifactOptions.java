package io.fettle.activities.artifact;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores.Access;
import java.nio.file.Path;

/**
 * Where artifacts are made.
 *
 * @param access to models that lie in buckets
 * @param cache the host's content-addressed cache
 * @param work scratch folders, on the cache's file system
 */
public record ArtifactOptions(
    ObjectStore store,
    Access access,
    StepCache steps,
    Environments environments,
    Path cache,
    Path work) {}
