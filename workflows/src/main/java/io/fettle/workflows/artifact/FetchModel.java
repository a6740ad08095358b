package io.fettle.workflows.artifact;

import io.fettle.workflows.wire.Reference;

/** Which spec's model to fetch. */
public record FetchModel(String run, Reference spec) {}
