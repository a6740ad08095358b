package io.fettle.activities.store.bucket;

import io.fettle.activities.store.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A bucket in memory that counts what is read of it, and dies when it is told to. */
final class MemoryBucket implements Bucket {
  private final ConcurrentSkipListMap<String, Held> objects = new ConcurrentSkipListMap<>();
  private final AtomicInteger versions = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile int readsLeft = Integer.MAX_VALUE;
  private volatile int flipped = -1;

  private static final class Held {
    private final byte[] body;
    private final String version;
    private final String sha256;
    private final Instant modified = Instant.now();

    Held(byte[] body, String version, String sha256) {
      this.body = body;
      this.version = version;
      this.sha256 = sha256;
    }

    byte[] body() {
      return body;
    }

    String version() {
      return version;
    }

    String sha256() {
      return sha256;
    }

    Instant modified() {
      return modified;
    }
  }

  /** Reads of ranges so far. */
  int reads() {
    return reads.get();
  }

  /** From the n-th read on from now, each read fails. */
  void diesAfter(int more) {
    readsLeft = reads.get() + more;
  }

  /** One bit of the n-th read from now changes on its way. */
  void flipsRead(int more) {
    flipped = reads.get() + more;
  }

  void lives() {
    readsLeft = Integer.MAX_VALUE;
  }

  private Held held(byte[] body, String sha256) {
    return new Held(body, "v" + versions.incrementAndGet(), sha256);
  }

  @Override
  public boolean create(String name, byte[] body, String sha256) {
    return objects.putIfAbsent(name, held(body, sha256)) == null;
  }

  @Override
  public void put(String name, byte[] body, String sha256) {
    objects.put(name, held(body, sha256));
  }

  @Override
  public void upload(String name, Source source) throws IOException {
    put(name, Files.readAllBytes(source.file()), source.sha256());
    source.refuseChanged();
  }

  @Override
  public Optional<byte[]> get(String name, int most) {
    return Optional.ofNullable(objects.get(name))
        .map(is -> Arrays.copyOf(is.body(), Math.min(most, is.body().length)));
  }

  @Override
  public Optional<Described> describe(String name) {
    return Optional.ofNullable(objects.get(name))
        .map(
            is ->
                new Described(
                    is.body().length, is.modified(), Optional.empty(), is.version(), is.sha256()));
  }

  @Override
  public void read(String name, String version, long offset, ByteBuffer into) throws IOException {
    int read = reads.incrementAndGet();
    if (read > readsLeft) {
      throw new IOException("the bucket is away");
    }
    var is = objects.get(name);
    if (is == null || !is.version().equals(version)) {
      throw new Changed(name);
    }
    int from = into.position();
    into.put(is.body(), Math.toIntExact(offset), into.remaining());
    if (read == flipped) {
      into.put(from, (byte) (into.get(from) ^ 1));
    }
  }

  @Override
  public boolean renew(String name) {
    return objects.computeIfPresent(name, (_, is) -> held(is.body(), is.sha256())) != null;
  }

  @Override
  public List<StoredObject> list(String prefix) {
    return objects.tailMap(prefix, true).entrySet().stream()
        .takeWhile(each -> each.getKey().startsWith(prefix))
        .map(MemoryBucket::listed)
        .toList();
  }

  private static StoredObject listed(Map.Entry<String, Held> each) {
    return new StoredObject(
        each.getKey(), each.getValue().body().length, each.getValue().modified());
  }

  @Override
  public void delete(String name) {
    objects.remove(name);
  }

  @Override
  public void close() {}
}
