package io.fettle.workflows.serving;

import io.fettle.workflows.wire.Reference;

/** What to load for which endpoint. */
public record LoadEngine(
    String endpoint, String run, String modelId, Reference spec, Reference model) {}
