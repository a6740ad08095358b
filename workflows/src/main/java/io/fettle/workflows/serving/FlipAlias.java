package io.fettle.workflows.serving;

import java.util.Objects;

/**
 * Points the alias at a model if its version is still the expected one; 0: none was there.
 *
 * @param modelName what requests put into {@code model}
 */
public record FlipAlias(
    String endpoint, int expected, String modelId, String engineUrl, String modelName) {
  public FlipAlias {
    modelName = Objects.requireNonNullElse(modelName, "model");
  }
}
