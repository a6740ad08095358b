package io.fettle.activities.store.bucket;

import io.fettle.activities.store.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** A bucket in memory that counts what is read of it, and dies when it is told to. */
final class MemoryBucket implements Bucket {
  private final ConcurrentSkipListMap<String, Held> objects = new ConcurrentSkipListMap<>();
  private final AtomicInteger versions = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile int readsLeft = Integer.MAX_VALUE;
  private final AtomicInteger renewals = new AtomicInteger();
  private final AtomicBoolean flipsGet = new AtomicBoolean();
  private volatile Optional<Duration> age = Optional.empty();
  private volatile int flipped = -1;
  private volatile Runnable replacement = () -> {};

  private static final class Held {
    private final byte[] body;
    private final String version;
    private final String sha256;
    private final Optional<Sum> sum;
    private final Instant modified = Instant.now();

    Held(byte[] body, String version, String sha256, Optional<Sum> sum) {
      this.body = body;
      this.version = version;
      this.sha256 = sha256;
      this.sum = sum;
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

    Optional<Sum> sum() {
      return sum;
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
    return new Held(body, "v" + versions.incrementAndGet(), sha256, Optional.empty());
  }

  /** As another program leaves an object: with nothing but the sum that the bucket itself notes. */
  void putForeign(String name, byte[] body, Optional<Sum> sum) {
    objects.put(name, new Held(body, "v" + versions.incrementAndGet(), "", sum));
  }

  /** One bit of it changes where it lies; what was noted stays. */
  void rots(String name) {
    var is = objects.get(name);
    is.body()[is.body().length / 2] ^= 1;
  }

  /** The next whole read has another bit than the object. */
  void flipsNextGet() {
    flipsGet.set(true);
  }

  /** By the store's clock, as long as nothing else is said. */
  void isOld(Duration age) {
    this.age = Optional.of(age);
  }

  int renewals() {
    return renewals.get();
  }

  /** Once, right after the next description. */
  void thenReplaces(String name, byte[] body, Optional<Sum> sum) {
    replacement = () -> putForeign(name, body, sum);
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
  public void upload(String name, Source source, LongConsumer sent) throws IOException {
    put(name, Files.readAllBytes(source.file()), source.sha256());
    source.refuseChanged();
    sent.accept(source.bytes());
  }

  @Override
  public Optional<byte[]> get(String name, int most) {
    return Optional.ofNullable(objects.get(name))
        .map(is -> Arrays.copyOf(is.body(), Math.min(most, is.body().length)))
        .map(
            body -> {
              if (flipsGet.getAndSet(false)) {
                body[0] ^= 1;
              }
              return body;
            });
  }

  @Override
  public Optional<Described> describe(String name) {
    var found = Optional.ofNullable(objects.get(name)).map(this::described);
    var next = replacement;
    replacement = () -> {};
    next.run();
    return found;
  }

  private Described described(Held is) {
    return new Described(is.body().length, is.modified(), age, is.version(), is.sha256(), is.sum());
  }

  @Override
  public void read(String name, String version, Reading reading) throws IOException {
    int read = reads.incrementAndGet();
    if (read > readsLeft) {
      throw new IOException("the bucket is away");
    }
    var is = objects.get(name);
    if (is == null || !is.version().equals(version)) {
      throw new Changed(name);
    }
    var body = Arrays.copyOfRange(is.body(), (int) reading.from(), (int) reading.last() + 1);
    if (read == flipped) {
      body[0] ^= 1;
    }
    reading.take(new ByteArrayInputStream(body));
  }

  @Override
  public boolean renew(String name) {
    renewals.incrementAndGet();
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
