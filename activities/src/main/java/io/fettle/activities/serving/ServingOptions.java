package io.fettle.activities.serving;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.store.ObjectStore;
import java.nio.file.Path;

/**
 * Where engines live on this machine.
 *
 * @param engines a folder an engine, shared by every agent of the machine
 * @param models where model folders are staged; on the cache's file system, staging costs no copy
 * @param cache the host's content-addressed cache
 * @param hostQueue the queue on which this host's engines are managed; empty where none are
 */
public record ServingOptions(
    ObjectStore store,
    Environments environments,
    Path engines,
    Path models,
    Path cache,
    String hostQueue) {}
