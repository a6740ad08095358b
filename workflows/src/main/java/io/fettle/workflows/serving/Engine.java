package io.fettle.workflows.serving;

/**
 * A running model server.
 *
 * @param key hash of model, engine and flags: equal keys are one engine
 * @param url base address, loopback, without {@code /v1}
 * @param engine name and version
 * @param modelName what requests put into {@code model}
 * @param hostQueue queue of the host that carries it
 * @param reused whether it was running already, such as the one that the evaluation used
 */
public record Engine(
    String key, String url, String engine, String modelName, String hostQueue, boolean reused) {}
