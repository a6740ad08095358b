package io.fettle.activities.store.bucket;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.activities.store.ObjectStore.Expected;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket.Described;
import io.fettle.activities.store.bucket.Bucket.Sum;
import io.fettle.activities.store.bucket.Download.OtherHash;
import io.fettle.activities.store.bucket.Download.Wanted;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
  private final InOrder inOrder;
  private final Set<String> damaged = ConcurrentHashMap.newKeySet();

  Fetching(Bucket bucket, Transfer transfer, Memory memory) {
    this.bucket = bucket;
    this.transfer = transfer;
    this.memory = memory;
    this.pace = new Pace(transfer.bytesPerSecond());
    var pieces = new Buffers(transfer.streams(), Buffers.PIECE);
    this.download = new Download(bucket, transfer, pieces, pace);
    this.inOrder = new InOrder(transfer.partBytes(), pieces, pace);
  }

  /** Whether this process has read other bytes than its name promises. */
  boolean isDamaged(String name) {
    return damaged.contains(name);
  }

  /** It was read, and has other bytes than its name promises. */
  void distrust(String name) {
    damaged.add(name);
  }

  /** It was written anew, or is sound after all. */
  void heal(String name) {
    damaged.remove(name);
  }

  /**
   * One object that is wanted.
   *
   * @param wanted whose hash may be empty: then what was noted with the object counts
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

    Optional<Sum> sum() {
      return isKnown()
          ? Optional.of(new Sum(Sum.Algorithm.SHA256, wanted.sha256()))
          : Optional.empty();
    }
  }

  Copied copied(Order order) throws IOException {
    long bytes = order.expected().bytes();
    if (order.isKnown() && bytes >= 0 && bytes <= transfer.partBytes()) {
      // One call where there would be two.
      return memory.held(bytes, () -> small(order, bytes, order.sum()));
    }
    return described(order, is -> copied(order, is));
  }

  /** Reads it to its end. */
  Copied checked(Order order) throws IOException {
    return described(order, is -> checked(order, is));
  }

  private interface Way {
    Copied go(Described is) throws IOException;
  }

  private Copied described(Order order, Way way) throws IOException {
    for (var found = bucket.describe(order.name()); found.isPresent(); ) {
      try {
        return way.go(found.get());
      } catch (CorruptObject damaged) {
        var now = bucket.describe(order.name());
        if (order.isKnown() || now.map(Described::version).equals(found.map(Described::version))) {
          throw damaged;
        }
        found = now; // replaced between its description and its bytes
      }
    }
    return Copied.NOTHING_THERE;
  }

  /** What nothing is known of is read all the same: it may be unreadable. */
  private Copied checked(Order order, Described is) throws IOException {
    var known = order.isKnown() ? order : order.with(is.sha256());
    var sum = known.sum().or(is::sum);
    var algorithm = sum.map(Sum::algorithm).orElse(Sum.Algorithm.CRC32C);
    var object = new Steady(bucket, order.name(), is);
    try {
      var actual = inOrder.sum(object, algorithm);
      if (sum.isPresent() && !actual.equals(sum.get())) { // a bit may change on its way
        actual = inOrder.sum(object, algorithm);
      }
      if (sum.isPresent() && !actual.equals(sum.get())) {
        throw corrupt(known, sum.get().toString(), actual.toString());
      }
      return verified(sum);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("it was stopped");
    }
  }

  private Copied copied(Order order, Described is) throws IOException {
    var known = order.isKnown() ? order : order.with(is.sha256());
    var sum = known.sum().or(is::sum);
    long bytes = order.expected().bytes();
    if (bytes >= 0 && bytes != is.bytes()) {
      throw corrupt(known, bytes + " bytes", is.bytes() + " bytes");
    }
    return is.bytes() <= transfer.partBytes()
        ? memory.held(is.bytes(), () -> small(known, is.bytes(), sum))
        : large(known, is, sum);
  }

  /** Read twice before it is called damaged: a bit may change on its way. */
  private Copied small(Order order, long bytes, Optional<Sum> sum) throws IOException {
    var actual = Optional.<Sum>empty();
    for (int attempt = 0; attempt < 2; attempt++) {
      var body = bucket.get(order.name(), (int) bytes + 1);
      if (body.isEmpty()) {
        return Copied.NOTHING_THERE;
      }
      pace.take(body.get().length);
      actual = sum.map(wanted -> Sum.of(wanted.algorithm(), body.get()));
      if (body.get().length == bytes && actual.equals(sum)) {
        write(body.get(), order.target());
        order.arrived().accept(body.get().length);
        return verified(sum);
      }
    }
    throw corrupt(order, told(sum, bytes), told(actual, bytes));
  }

  private static String told(Optional<Sum> sum, long bytes) {
    return sum.map(Sum::toString).orElse("not %d bytes".formatted(bytes));
  }

  private static void write(byte[] body, Path target) throws IOException {
    var folder = target.toAbsolutePath().resolveSibling(".");
    if (!Files.isDirectory(folder)) { // asking is cheaper than failing, and files are many
      Files.createDirectories(folder);
    }
    var draft = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
    try {
      Files.write(draft, body);
      Files.move(draft, target, ATOMIC_MOVE, REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static Copied verified(Optional<Sum> sum) {
    return sum.isPresent() ? Copied.VERIFIED : Copied.UNVERIFIED;
  }

  /** The next put of it replaces what is there. */
  private CorruptObject corrupt(Order order, String wanted, String actual) {
    distrust(order.name());
    return new CorruptObject(order.wanted().uri(), wanted, actual);
  }

  /** Without sums of its chunks a bit that changed on its way shows at the end: once more then. */
  private Copied large(Order order, Described is, Optional<Sum> sum) throws IOException {
    var wanted = new Wanted(sum, fitting(order.expected(), is.bytes()));
    if (!wanted.crc32c().isEmpty()) {
      return large(order, is, wanted);
    }
    try {
      return large(order, is, wanted);
    } catch (CorruptObject first) {
      var copied = large(order, is, wanted);
      heal(order.name());
      return copied;
    }
  }

  /** One process at a time; who waited finds the other's file. */
  private Copied large(Order order, Described is, Wanted wanted) throws IOException {
    try {
      while (!isThere(order, is.bytes())) {
        if (isFetched(order, is, wanted)) {
          return verified(wanted.sum());
        }
        Thread.sleep(LOOK);
      }
      order.arrived().accept(is.bytes());
      return verified(wanted.sum());
    } catch (OtherHash other) {
      throw corrupt(order, told(wanted.sum(), is.bytes()), other.actual());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the download was stopped");
    }
  }

  /** False while another one is at it. The same hash is the same bytes, whatever their version. */
  private boolean isFetched(Order order, Described is, Wanted wanted)
      throws IOException, OtherHash {
    var version = order.isKnown() ? order.wanted().sha256() : is.version();
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
