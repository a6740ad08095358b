package io.fettle.activities.capacity.elastic;

import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The mark of all control planes that share a store and a namespace. Its random part is made once,
 * in the store: two folders of the same name on two machines are two owners, so that neither takes
 * the other's machines for its own orphans.
 */
final class Owner {
  private static final String KEY = "capacity/owner";
  private static final int BYTES = 5;
  private static final int LONGEST_NAMESPACE = 40;

  private Owner() {}

  /** At most 51 of {@code a-z 0-9 -}: a tag, and a label of Compute Engine and Kubernetes. */
  public static String of(ObjectStore store, String namespace) throws IOException {
    var drawn = new byte[BYTES];
    new SecureRandom().nextBytes(drawn);
    store.putIfAbsent(KEY, HexFormat.of().formatHex(drawn).getBytes(StandardCharsets.UTF_8));
    var kept = store.find(KEY);
    if (kept.isEmpty()) {
      throw new IOException("%s is not in the store although it was just put".formatted(KEY));
    }
    var word = namespace.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    var id = new String(kept.get(), StandardCharsets.UTF_8).strip();
    return word.substring(0, Math.min(word.length(), LONGEST_NAMESPACE)) + "-" + id;
  }
}
