package io.fettle.activities.store.s3;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What we note with an object, as its user metadata. */
final class Noted {
  static final String SHA256 = "fettle-sha256";

  /** Who wrote it, where an answer may be lost. */
  static final String WRITER = "fettle-writer";

  private static final String RENEWAL = "fettle-renewal";

  private Noted() {}

  static Map<String, String> of(String sha256) {
    return Map.of(SHA256, sha256);
  }

  static Map<String, String> by(String writer, String sha256) {
    return Map.of(SHA256, sha256, WRITER, writer);
  }

  /** A copy onto itself must change something. */
  static Map<String, String> renewed(Map<String, String> before) {
    var after = new HashMap<>(before);
    after.put(RENEWAL, UUID.randomUUID().toString());
    return after;
  }
}
