package io.fettle.workflows.serving;

/**
 * What an endpoint serves since this deploy. {@code canary} says what was checked before the flip.
 */
public record Deployment(String endpoint, Alias alias, Engine engine, String canary) {}
