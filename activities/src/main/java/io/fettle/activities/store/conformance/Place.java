package io.fettle.activities.store.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.conformance.Conformance.Broken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Where one check works: a prefix of the store, and a folder. */
final class Place implements AutoCloseable {
  private final ObjectStore store;
  private final Path scratch;
  private final String prefix = "probes/" + UUID.randomUUID() + "/";

  Place(ObjectStore store, Path scratch) {
    this.store = store;
    this.scratch = scratch;
  }

  ObjectStore store() {
    return store;
  }

  String key(String name) {
    return prefix + name;
  }

  /** Under which blobs go. */
  String blobs() {
    return prefix + "blobs";
  }

  List<String> names(String start) throws IOException {
    return store.list(prefix + start).stream()
        .map(each -> each.key().substring(prefix.length()))
        .toList();
  }

  List<StoredObject> list() throws IOException {
    return store.list(prefix);
  }

  Path file(String name) {
    return scratch.resolve(name);
  }

  /** A file of bytes that no two seeds share and nothing compresses. */
  Path file(String name, int bytes, int seed) throws IOException {
    return Files.write(file(name), noise(bytes, seed));
  }

  static byte[] noise(int bytes, int seed) {
    var body = new byte[bytes];
    new Random(seed).nextBytes(body);
    return body;
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  void holds(String key, byte[] expected) throws IOException, Broken {
    var found = store.find(key).orElseThrow(() -> new Broken(key + " is gone"));
    that(
        Arrays.equals(found, expected),
        "%s holds %d other bytes than the %d that were written"
            .formatted(key, found.length, expected.length));
  }

  void isAbsent(String key) throws IOException, Broken {
    that(store.find(key).isEmpty(), key + " is there");
    that(store.head(key).isEmpty(), key + " is described, but is not there");
  }

  static void that(boolean holds, String what) throws Broken {
    if (!holds) {
      throw new Broken(what);
    }
  }

  static void same(Object found, Object expected, String what) throws Broken {
    that(found.equals(expected), "%s: %s where %s was expected".formatted(what, found, expected));
  }

  interface Call {
    void run() throws IOException;
  }

  /** The failure of a call that must fail. */
  static IOException failure(Call call, String what) throws Broken {
    Optional<IOException> failure = Optional.empty();
    try {
      call.run();
    } catch (IOException expected) {
      failure = Optional.of(expected);
    }
    return failure.orElseThrow(() -> new Broken(what + " went through"));
  }

  @Override
  public void close() throws IOException {
    for (var object : list()) {
      store.delete(object.key());
    }
  }
}
