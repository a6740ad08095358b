package io.fettle.workflows.serving;

import io.fettle.workflows.wire.Reference;

/**
 * Asks an endpoint to serve a model.
 *
 * @param modelId the immutable id under which it is known: {@code {run}@{first 12 of the tree's
 *     hash}}
 * @param spec the resolved spec: engine, target and flags
 * @param model tree manifest of the evaluated artifact
 * @param hostQueue queue of the host that carries the engine
 * @param incumbentVersion the alias version that the gate measured; 0: none was there
 */
public record DeployRequest(
    String endpoint,
    String run,
    String modelId,
    Reference spec,
    Reference model,
    String hostQueue,
    int incumbentVersion) {}
