package io.fettle.activities.training.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A manifest's bytes. They carry a seal, the hash of everything else in them: a lease's own
 * manifests are named by no reference, and a flipped bit in a loss or a path would otherwise go
 * unseen. It covers fields that this version does not know, too.
 */
final class ManifestFormat {
  private static final String SEAL = "seal";

  private ManifestFormat() {}

  static byte[] write(Manifest manifest) {
    ObjectNode tree = Wire.mapper().valueToTree(manifest);
    return bytes(tree.put(SEAL, Stores.sha256(bytes(tree))));
  }

  /** The manifest, or empty if its bytes are not what was written. */
  static Optional<Manifest> read(byte[] body) {
    try {
      if (!(Wire.mapper().readTree(body) instanceof ObjectNode tree)
          || !Arrays.equals(bytes(tree), body)) {
        return Optional.empty();
      }
      var seal = tree.remove(SEAL);
      return seal != null && seal.asText().equals(Stores.sha256(bytes(tree)))
          ? Optional.of(Wire.mapper().treeToValue(tree, Manifest.class))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // torn: the caller says so and goes on to the one before
    }
  }

  private static byte[] bytes(ObjectNode tree) {
    try {
      return Wire.mapper().writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new UncheckedIOException("a JSON tree could not be written", e);
    }
  }
}
