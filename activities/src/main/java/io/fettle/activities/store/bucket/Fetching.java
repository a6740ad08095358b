package io.fettle.activities.store.bucket;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.activities.store.ObjectStore.Expected;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket.Described;
import io.fettle.activities.store.bucket.Download.OtherHash;
import io.fettle.activities.store.bucket.Download.Wanted;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** Objects to files, small ones at once and large ones in parts. */
final class Fetching {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Bucket bucket;
  private final Transfer transfer;
  private final Memory memory;
  private final Pace pace;
  private final Download download;
  private final Set<String> damaged = ConcurrentHashMap.newKeySet();

  Fetching(Bucket bucket, Transfer transfer, Memory memory) {
    this.bucket = bucket;
    this.transfer = transfer;
    this.memory = memory;
    this.pace = new Pace(transfer.bytesPerSecond());
    var buffers = new Buffers(transfer.streams(), transfer.partBytes());
    this.download = new Download(bucket, transfer, buffers, pace);
  }

  /** Whether this process has read other bytes than its name promises. */
  boolean isDamaged(String name) {
    return damaged.contains(name);
  }

  /** It was written anew. */
  void heal(String name) {
    damaged.remove(name);
  }

  /**
   * One object that is wanted.
   *
   * @param wanted whose hash may be empty: then what was noted counts
   * @param arrived hears bytes as they come
   */
  record Order(
      String name, Reference wanted, Expected expected, Path target, LongConsumer arrived) {
    Order with(String sha256) {
      return new Order(name, new Reference(wanted.uri(), sha256), expected, target, arrived);
    }

    boolean isKnown() {
      return !wanted.sha256().isEmpty();
    }
  }

  Copied copied(Order order) throws IOException {
    long bytes = order.expected().bytes();
    if (order.isKnown() && bytes >= 0 && bytes <= transfer.partBytes()) {
      return memory.held(bytes, () -> small(order, bytes)); // one call where there would be two
    }
    var found = bucket.describe(order.name());
    if (found.isEmpty()) {
      return Copied.NOTHING_THERE;
    }
    var is = found.get();
    var known = order.isKnown() ? order : order.with(is.sha256());
    if (bytes >= 0 && bytes != is.bytes()) {
      throw corrupt(known, "of %d bytes".formatted(is.bytes()));
    }
    return is.bytes() <= transfer.partBytes()
        ? memory.held(is.bytes(), () -> small(known, is.bytes()))
        : large(known, is);
  }

  /** Read twice before it is called damaged: a bit may change on its way. */
  private Copied small(Order order, long bytes) throws IOException {
    String actual = "";
    for (int attempt = 0; attempt < 2; attempt++) {
      var body = bucket.get(order.name(), (int) bytes + 1);
      if (body.isEmpty()) {
        return Copied.NOTHING_THERE;
      }
      pace.take(body.get().length);
      actual = order.isKnown() ? Stores.sha256(body.get()) : "";
      if (actual.equals(order.wanted().sha256())) {
        write(body.get(), order.target());
        order.arrived().accept(body.get().length);
        return verified(order);
      }
    }
    throw corrupt(order, actual);
  }

  private static void write(byte[] body, Path target) throws IOException {
    Files.createDirectories(target.toAbsolutePath().resolveSibling("."));
    var draft = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
    try {
      Files.write(draft, body);
      Files.move(draft, target, ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static Copied verified(Order order) {
    return order.isKnown() ? Copied.VERIFIED : Copied.UNVERIFIED;
  }

  /** The next put of it replaces what is there. */
  private CorruptObject corrupt(Order order, String actual) {
    damaged.add(order.name());
    return new CorruptObject(order.wanted(), actual);
  }

  /** Without sums of its chunks a bit that changed on its way shows at the end: once more then. */
  private Copied large(Order order, Described is) throws IOException {
    var wanted = new Wanted(order.wanted().sha256(), fitting(order.expected(), is.bytes()));
    if (!wanted.crc32c().isEmpty()) {
      return large(order, is, wanted);
    }
    try {
      return large(order, is, wanted);
    } catch (CorruptObject first) {
      return large(order, is, wanted);
    }
  }

  /** One process at a time; who waited finds the other's file. */
  private Copied large(Order order, Described is, Wanted wanted) throws IOException {
    try {
      while (!isThere(order, is.bytes())) {
        if (isFetched(order, is, wanted)) {
          return verified(order);
        }
        Thread.sleep(LOOK);
      }
      order.arrived().accept(is.bytes());
      return verified(order);
    } catch (OtherHash other) {
      throw corrupt(order, other.actual());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was stopped");
    }
  }

  /** False while another one is at it. The same hash is the same bytes, whatever their version. */
  private boolean isFetched(Order order, Described is, Wanted wanted)
      throws IOException, OtherHash {
    var version = order.isKnown() ? wanted.sha256() : is.version();
    try (var file = PartFile.open(order.target(), version, is.bytes(), partBytes(wanted))) {
      if (file == null) {
        return false;
      }
      if (isThere(order, is.bytes())) {
        file.discard();
        order.arrived().accept(is.bytes());
      } else {
        download.run(order, is, wanted, file);
      }
      return true;
    }
  }

  /** Sums of parts that are no longer than a buffer; others are of no use. */
  private List<String> fitting(Expected expected, long bytes) {
    return transfer.partBytes() >= Expected.CHUNK
            && expected.crc32c().size() == Expected.chunks(bytes)
        ? expected.crc32c()
        : List.of();
  }

  private int partBytes(Wanted wanted) {
    return wanted.crc32c().isEmpty() ? transfer.partBytes() : Expected.CHUNK;
  }

  private static boolean isThere(Order order, long bytes) throws IOException {
    var target = order.target();
    return order.isKnown()
        && Files.isRegularFile(target)
        && Files.size(target) == bytes
        && Stores.sha256(target).equals(order.wanted().sha256());
  }
}
