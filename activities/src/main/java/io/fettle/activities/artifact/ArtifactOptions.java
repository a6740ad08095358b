package io.fettle.activities.artifact;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import java.nio.file.Path;

/**
 * Where artifacts are made.
 *
 * @param cache the host's content-addressed cache
 * @param work scratch folders, on the cache's file system
 */
public record ArtifactOptions(
    ObjectStore store, StepCache steps, Environments environments, Path cache, Path work) {}
