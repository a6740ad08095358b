package io.fettle.activities.serving;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.serving.AliasActivities;
import io.fettle.workflows.serving.FlipAlias;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Alias versions {@code endpoints/{name}/{version:06}.json}: put if none was there, which is the
 * compare-and-set.
 */
final class Aliases implements AliasActivities {
  private final ObjectStore store;

  Aliases(ObjectStore store) {
    this.store = store;
  }

  @Override
  public Optional<Alias> currentAlias(String endpoint) {
    try {
      List<StoredObject> versions = store.list("endpoints/" + endpoint + "/");
      return versions.isEmpty() ? Optional.empty() : read(versions.getLast().key());
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  @Override
  public Alias flipAlias(FlipAlias request) {
    Alias flipped =
        new Alias(
            request.endpoint(),
            request.expected() + 1,
            request.modelId(),
            request.engineUrl(),
            request.modelName());
    String key = "endpoints/%s/%06d.json".formatted(request.endpoint(), flipped.version());
    try {
      int current = currentAlias(request.endpoint()).map(Alias::version).orElse(0);
      boolean ours =
          current == request.expected()
              && store.putIfAbsent(key, Wire.mapper().writeValueAsBytes(flipped));
      if (!ours && read(key).filter(flipped::isSameAs).isEmpty()) {
        throw FailureType.INCUMBENT_CHANGED.failure(
            "endpoint %s is at version %d, the gate measured version %d; run it again, and it is gated against that one"
                .formatted(request.endpoint(), current, request.expected()));
      }
      return flipped;
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private Optional<Alias> read(String key) throws IOException {
    Optional<byte[]> bytes = store.find(key);
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().readValue(bytes.get(), Alias.class));
  }
}
