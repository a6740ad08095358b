package io.fettle.workflows.serving;

import java.util.Objects;

/**
 * One version of an endpoint's alias, put if none was there: the put is the compare-and-set.
 *
 * @param version from 1
 * @param modelId the immutable model id that it points at
 * @param engineUrl base address of the engine, loopback, without {@code /v1}
 * @param modelName what requests put into {@code model}
 */
public record Alias(
    String endpoint, int version, String modelId, String engineUrl, String modelName) {
  private static final String USUAL = "model"; // before there was a choice

  public Alias {
    modelName = Objects.requireNonNullElse(modelName, USUAL);
  }

  /** Whether both point at the same model in the same engine. */
  public boolean isSameAs(Alias other) {
    return version == other.version
        && modelId.equals(other.modelId)
        && engineUrl.equals(other.engineUrl);
  }
}
