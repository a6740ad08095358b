package io.fettle.workflows.serving;

/**
 * One version of an endpoint's alias, put if none was there: the put is the compare-and-set.
 *
 * @param version from 1
 * @param modelId the immutable model id that it points at
 * @param engineUrl base address of the engine, loopback, without {@code /v1}
 */
public record Alias(String endpoint, int version, String modelId, String engineUrl) {}
