package io.fettle.workflows.serving;

/** Points the alias at a model if its version is still the expected one; 0: none was there. */
public record FlipAlias(String endpoint, int expected, String modelId, String engineUrl) {}
