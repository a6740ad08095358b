package io.fettle.workflows.wire;

import java.net.URI;

/**
 * A blob in the object store, named by where it lies and what it must hash to. Whoever reads it
 * verifies the hash.
 *
 * @param uri where the bytes lie
 * @param sha256 lower-case hex of the bytes' SHA-256, 64 characters
 */
public record Reference(URI uri, String sha256) {
  /** The first twelve characters of the hash, for people. */
  public String shortHash() {
    return sha256.length() <= 12 ? sha256 : sha256.substring(0, 12);
  }
}
