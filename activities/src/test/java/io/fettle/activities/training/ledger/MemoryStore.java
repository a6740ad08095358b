package io.fettle.activities.training.ledger;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A store in memory, so that thousands of histories take seconds. It can do harm, and let others
 * act after a list.
 */
final class MemoryStore implements ObjectStore {
  final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private Consumer<String> afterList = prefix -> {};
  private Consumer<String> beforeDelete = key -> {};

  void afterEachList(Consumer<String> action) {
    afterList = action;
  }

  void beforeEachDelete(Consumer<String> action) {
    beforeDelete = action;
  }

  @Override
  public URI root() {
    return URI.create("memory:///");
  }

  @Override
  public URI uri(String key) {
    return URI.create("memory:///" + key);
  }

  @Override
  public String key(URI uri) {
    return uri.getPath().substring(1);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] body) {
    return objects.putIfAbsent(key, body.clone()) == null;
  }

  @Override
  public void put(String key, byte[] body) {
    objects.put(key, body.clone());
  }

  @Override
  public Reference putBlob(String prefix, byte[] body) {
    var sha256 = Stores.sha256(body);
    var key = "%s/sha256/%s/%s".formatted(prefix, sha256.substring(0, 2), sha256);
    objects.put(key, body.clone());
    return new Reference(uri(key), sha256);
  }

  @Override
  public Reference putBlob(String prefix, Path file) throws IOException {
    return putBlob(prefix, Files.readAllBytes(file));
  }

  @Override
  public Optional<byte[]> find(String key) {
    return Optional.ofNullable(objects.get(key)).map(byte[]::clone);
  }

  @Override
  public byte[] read(Reference reference) throws IOException {
    var body = find(key(reference.uri())).orElseThrow(() -> new MissingObject(reference.uri()));
    var actual = Stores.sha256(body);
    if (!actual.equals(reference.sha256())) {
      throw new CorruptObject(reference, actual);
    }
    return body;
  }

  @Override
  public void download(Reference reference, Path target) throws IOException {
    Files.write(target, read(reference));
  }

  @Override
  public Copied copy(String key, Path target, LongConsumer arrived) throws IOException {
    var body = find(key);
    if (body.isPresent()) {
      Files.write(target, body.get());
    }
    return body.isPresent() ? Copied.UNVERIFIED : Copied.NOTHING_THERE;
  }

  @Override
  public Copied check(String key, String sha256) throws IOException {
    var body = find(key);
    if (body.isPresent() && !Stores.sha256(body.get()).equals(sha256)) {
      throw new CorruptObject(new Reference(uri(key), sha256), Stores.sha256(body.get()));
    }
    return body.isPresent() ? Copied.VERIFIED : Copied.NOTHING_THERE;
  }

  @Override
  public void upload(String key, Path file, LongConsumer sent) throws IOException {
    put(key, Files.readAllBytes(file));
    sent.accept(Files.size(file));
  }

  @Override
  public Optional<StoredObject> head(String key) {
    return find(key).map(body -> new StoredObject(key, body.length, Instant.EPOCH));
  }

  @Override
  public List<StoredObject> list(String prefix) {
    var found =
        objects.tailMap(prefix).entrySet().stream()
            .takeWhile(entry -> entry.getKey().startsWith(prefix))
            .map(entry -> new StoredObject(entry.getKey(), entry.getValue().length, Instant.EPOCH))
            .toList();
    afterList.accept(prefix);
    return found;
  }

  @Override
  public void delete(String key) {
    beforeDelete.accept(key);
    objects.remove(key);
  }

  @Override
  public void close() {}
}
