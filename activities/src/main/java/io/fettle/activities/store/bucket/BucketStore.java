package io.fettle.activities.store.bucket;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket.Described;
import io.fettle.activities.store.bucket.Bucket.Source;
import io.fettle.activities.store.bucket.Fetching.Order;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A store in a bucket, or under a prefix of one. */
public final class BucketStore implements ObjectStore {
  /** A blob that is put again need not be renewed so soon: collectors give an hour's grace. */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  /** What is larger is no array's. */
  private static final int LARGEST = Integer.MAX_VALUE - 64;

  private final URI root;
  private final String prefix;
  private final Bucket bucket;
  private final Transfer transfer;
  private final Memory memory;
  private final Fetching fetching;

  /**
   * @param root ending in a slash; its path is the prefix of every name
   */
  public BucketStore(URI root, Bucket bucket, Transfer transfer) {
    this.root = root;
    this.prefix = root.getPath().substring(1);
    this.bucket = bucket;
    this.transfer = transfer;
    this.memory = new Memory((long) transfer.streams() * transfer.partBytes());
    this.fetching = new Fetching(bucket, transfer, memory);
  }

  @Override
  public URI root() {
    return root;
  }

  @Override
  public URI uri(String key) {
    return URI.create(root + Stores.checkedKey(key));
  }

  @Override
  public String key(URI address) {
    var text = address.toString();
    if (!text.startsWith(root.toString())) {
      throw new IllegalArgumentException(address + " is not in the store " + root);
    }
    return Stores.checkedKey(text.substring(root.toString().length()));
  }

  private String name(String key) {
    return prefix + Stores.checkedKey(key);
  }

  // --- Objects

  @Override
  public boolean putIfAbsent(String key, byte[] body) throws IOException {
    var name = name(key);
    return explained("create " + key, () -> bucket.create(name, body, Stores.sha256(body)));
  }

  @Override
  public void put(String key, byte[] body) throws IOException {
    var name = name(key);
    explained("write " + key, () -> bytesPut(name, body));
  }

  @Override
  public void upload(String key, Path file, LongConsumer sent) throws IOException {
    var name = name(key);
    explained(
        "write " + key,
        () -> {
          if (Files.size(file) > transfer.partBytes()) {
            bucket.upload(name, Source.of(file), sent);
          } else {
            long bytes =
                memory.held(Files.size(file), () -> bytesPut(name, Files.readAllBytes(file)));
            sent.accept(bytes);
          }
          return true;
        });
  }

  private long bytesPut(String name, byte[] body) throws IOException {
    bucket.put(name, body, Stores.sha256(body));
    return body.length;
  }

  @Override
  public Optional<byte[]> find(String key) throws IOException {
    var name = name(key);
    return explained("read " + key, () -> bucket.get(name, LARGEST));
  }

  @Override
  public Optional<StoredObject> head(String key) throws IOException {
    var name = name(key);
    return explained(
        "look up " + key,
        () -> bucket.describe(name).map(is -> new StoredObject(key, is.bytes(), is.modified())));
  }

  @Override
  public List<StoredObject> list(String of) throws IOException {
    return explained(
        of.isEmpty() ? "list all" : "list " + of,
        () ->
            bucket.list(prefix + of).stream()
                .map(
                    each ->
                        new StoredObject(
                            each.key().substring(prefix.length()), each.bytes(), each.modified()))
                .filter(each -> Stores.isKey(each.key()))
                .toList());
  }

  @Override
  public List<String> foreign(String of) throws IOException {
    return explained(
        of.isEmpty() ? "list all" : "list " + of,
        () ->
            bucket.list(prefix + of).stream()
                .map(each -> each.key().substring(prefix.length()))
                .filter(name -> !name.isEmpty() && !name.endsWith("/") && !Stores.isKey(name))
                .toList());
  }

  @Override
  public void delete(String key) throws IOException {
    var name = name(key);
    explained(
        "delete " + key,
        () -> {
          bucket.delete(name);
          return true;
        });
  }

  // --- Blobs

  @Override
  public Reference putBlob(String under, byte[] body) throws IOException {
    return explained("write to " + under, () -> putSmall(under, body));
  }

  private Reference putSmall(String under, byte[] body) throws IOException {
    var sha256 = Stores.sha256(body);
    var key = Stores.blobKey(under, sha256);
    if (!isKept(name(key), body.length, sha256)) {
      bucket.put(name(key), body, sha256);
      fetching.heal(name(key));
    }
    return new Reference(uri(key), sha256);
  }

  @Override
  public Reference putBlob(String under, Path file) throws IOException {
    return explained(
        "write " + file,
        () ->
            Files.size(file) > transfer.partBytes()
                ? putLarge(under, Source.of(file))
                : memory.held(Files.size(file), () -> putSmall(under, Files.readAllBytes(file))));
  }

  private Reference putLarge(String under, Source source) throws IOException {
    var key = Stores.blobKey(under, source.sha256());
    if (!isKept(name(key), source.bytes(), source.sha256())) {
      bucket.upload(name(key), source, _ -> {});
      fetching.heal(name(key));
      renewOld(name(key));
    }
    return new Reference(uri(key), source.sha256());
  }

  /** S3 counts an object's age from the beginning of its upload, which may have taken hours. */
  private void renewOld(String name) throws IOException {
    var age = bucket.describe(name).flatMap(Described::age);
    if (age.isPresent() && !isYoung(age)) {
      bucket.renew(name);
    }
  }

  private static boolean isYoung(Optional<Duration> age) {
    return age.filter(is -> is.compareTo(YOUNG) < 0).isPresent();
  }

  /**
   * Whether the blob is there and sound. Its bytes went in under a checksum that the bucket proved,
   * so that size and hash as they were noted then are believed, unless this process has read
   * others.
   */
  private boolean isKept(String name, long bytes, String sha256) throws IOException {
    var there = bucket.describe(name);
    if (fetching.isDamaged(name)
        || there.isEmpty()
        || there.get().bytes() != bytes
        || !there.get().sha256().equals(sha256)) {
      return false;
    }
    return isYoung(there.get().age()) || bucket.renew(name);
  }

  @Override
  public byte[] read(Reference reference) throws IOException {
    var name = name(key(reference.uri()));
    var actual = "";
    for (int attempt = 0; attempt < 2; attempt++) { // a bit may change on its way
      var body = find(key(reference.uri())).orElseThrow(() -> new MissingObject(reference.uri()));
      actual = Stores.sha256(body);
      if (actual.equals(reference.sha256())) {
        return body;
      }
    }
    fetching.distrust(name);
    throw new CorruptObject(reference, actual);
  }

  @Override
  public void download(Reference reference, Path target) throws IOException {
    download(reference, Expected.UNKNOWN, target, _ -> {});
  }

  @Override
  public void download(Reference reference, Expected expected, Path target, LongConsumer arrived)
      throws IOException {
    var name = name(key(reference.uri()));
    explained(
        "copy " + reference.uri() + " to " + target,
        () -> {
          var order = new Order(name, reference, expected, target, arrived);
          if (fetching.copied(order) == Copied.NOTHING_THERE) {
            throw new MissingObject(reference.uri());
          }
          return true;
        });
  }

  @Override
  public Copied copy(String key, Path target, LongConsumer arrived) throws IOException {
    var wanted = new Reference(uri(key), "");
    var order = new Order(name(key), wanted, Expected.UNKNOWN, target, arrived);
    return explained("copy " + key + " to " + target, () -> fetching.copied(order));
  }

  @Override
  public Copied check(String key, String sha256) throws IOException {
    var wanted = new Reference(uri(key), sha256);
    var order = new Order(name(key), wanted, Expected.UNKNOWN, Path.of(""), _ -> {});
    return explained("check " + key, () -> fetching.checked(order));
  }

  @Override
  public void close() throws IOException {
    bucket.close();
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  private <T> T explained(String action, Operation<T> operation) throws IOException {
    try {
      return operation.run();
    } catch (MissingObject | CorruptObject known) {
      throw known;
    } catch (NoAccess e) {
      throw new NoAccess(told(action, e), e);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) { // closed channels and read timeouts look alike
        var stopped = new InterruptedIOException("the thread was interrupted");
        stopped.initCause(e);
        throw stopped;
      }
      throw new IOException(told(action, e), e);
    }
  }

  private String told(String action, IOException e) {
    return "store %s: cannot %s: %s".formatted(root, action, String.valueOf(e.getMessage()));
  }
}
