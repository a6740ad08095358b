package io.fettle.workflows.serving;

/** Whose engines to stop: a run's, or {@code endpoint:{name}}'s. */
public record StopEngines(String owner) {}
