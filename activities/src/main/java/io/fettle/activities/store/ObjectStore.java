package io.fettle.activities.store;

import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A flat map from keys to bytes that several processes and machines share.
 *
 * <p>Keys are segments of {@code A-Z a-z 0-9 . _ = @ + -} joined by {@code /}; no segment starts
 * with a dot, no key is a folder of another key. Whatever a call makes visible is whole: no reader
 * ever sees a part of an object, whenever its writer died. What a call has returned from is on
 * disk, except under keys that end in {@code .claim} or {@code .alive}: those are hints that expire
 * by themselves, so a power cut may take them.
 *
 * <p>Safe for concurrent use. Every {@link IOException} is a sentence for people: what was done to
 * which key, why it failed and what to do.
 */
public interface ObjectStore extends AutoCloseable {
  /** The prefix under which shared blobs lie. */
  String OBJECTS = "objects";

  /**
   * The prefix under which scores of rows lie, {@code scores/{judge}/{part}.jsonl}, both SHA-256:
   * who names the judge's hash keeps all of them.
   */
  String SCORES = "scores";

  /** The store's address, ending in a slash. */
  URI root();

  /** The address of a key, whether or not something is there. */
  URI uri(String key);

  /**
   * The key of an address that {@link #uri} gave.
   *
   * @throws IllegalArgumentException if the address is of another store
   */
  String key(URI uri);

  /**
   * Creates the object, unless one is there. Of any number of racing writers exactly one gets true.
   *
   * @return false if something is there already, whatever it holds
   */
  boolean putIfAbsent(String key, byte[] body) throws IOException;

  /** Creates or replaces the object; readers see the old bytes or the new ones. */
  void put(String key, byte[] body) throws IOException;

  /** Stores bytes under {@code objects/sha256/..}; see {@link #putBlob(String, byte[])}. */
  default Reference putBlob(byte[] body) throws IOException {
    return putBlob(OBJECTS, body);
  }

  /** Stores a file under {@code objects/sha256/..}; see {@link #putBlob(String, Path)}. */
  default Reference putBlob(Path file) throws IOException {
    return putBlob(OBJECTS, file);
  }

  /**
   * Where {@link #putBlob(String, byte[])} puts the bytes of that hash, there or not.
   *
   * @param sha256 64 hexadecimal digits
   */
  default Reference blob(String prefix, String sha256) {
    return new Reference(uri(Keys.blob(prefix, sha256)), sha256);
  }

  /**
   * Stores bytes under {@code {prefix}/sha256/{first two hex digits}/{sha256}}. Repeating is free:
   * a sound copy is kept and counts as new again, a damaged one is replaced.
   */
  Reference putBlob(String prefix, byte[] body) throws IOException;

  /**
   * As {@link #putBlob(String, byte[])}, for a file of any size; refuses a file that changes
   * meanwhile.
   */
  Reference putBlob(String prefix, Path file) throws IOException;

  /** The object's bytes as they are, unverified. */
  Optional<byte[]> find(String key) throws IOException;

  /**
   * The blob's bytes, equal to its hash.
   *
   * @throws MissingObject if nothing is there
   * @throws CorruptObject if the bytes have another hash
   */
  byte[] read(Reference reference) throws IOException;

  /**
   * Copies a blob to a file, which appears (or is replaced) only once its hash was checked.
   *
   * @throws MissingObject if nothing is there
   * @throws CorruptObject if the bytes have another hash; the target is as it was
   */
  void download(Reference reference, Path target) throws IOException;

  /**
   * Copies an object to a file, which appears (or is replaced) only once it is whole; checked
   * against the hash that its writer noted, else against the sum that the store itself keeps.
   *
   * @param arrived hears bytes as they come, from several threads
   * @throws CorruptObject if the bytes have another hash; the target is as it was
   */
  Copied copy(String key, Path target, LongConsumer arrived) throws IOException;

  /** The same, watched by nobody. */
  default Copied copy(String key, Path target) throws IOException {
    return copy(key, target, _ -> {});
  }

  /**
   * Reads an object to its end and keeps nothing of it.
   *
   * @param sha256 that it must have; empty: compared as by {@link #copy(String, Path,
   *     LongConsumer)}
   * @throws CorruptObject if the bytes have another hash
   */
  Copied check(String key, String sha256) throws IOException;

  /**
   * What a blob must be, besides its hash: known before any of it is fetched.
   *
   * @param bytes its size; -1: not known
   * @param crc32c of its chunks of {@link #CHUNK} each, the last one shorter: eight lower-case hex
   *     digits each (RFC 3720); none for a blob of one chunk, whose hash says as much
   */
  record Expected(long bytes, List<String> crc32c) {
    public static final int CHUNK = 8 << 20;

    public static final Expected UNKNOWN = new Expected(-1, List.of());

    public Expected {
      crc32c = List.copyOf(crc32c);
    }

    /** How many chunks are summed of a blob of that size. */
    public static int chunks(long bytes) {
      return bytes <= CHUNK ? 0 : Math.toIntExact((bytes + CHUNK - 1) / CHUNK);
    }

    /** Reads a file. */
    public static Expected of(Path file) throws IOException {
      return Sums.of(file);
    }
  }

  /** What a copy, or a check, came to. */
  enum Copied {
    NOTHING_THERE,
    /** Nothing is noted with the object that its bytes could be compared with. */
    UNVERIFIED,
    VERIFIED
  }

  /**
   * As {@link #download(Reference, Path)}, with less asking: each chunk is compared as soon as it
   * has come, and of a damaged blob no more is fetched.
   *
   * @param arrived hears bytes as they come, from several threads; what an earlier process had
   *     fetched counts
   */
  default void download(Reference reference, Expected expected, Path target, LongConsumer arrived)
      throws IOException {
    download(reference, target);
    arrived.accept(Files.size(target));
  }

  /**
   * Creates or replaces an object from a file; readers see the old bytes or the new ones.
   *
   * @param sent hears bytes as they go, from several threads
   */
  void upload(String key, Path file, LongConsumer sent) throws IOException;

  /** The same, watched by nobody. */
  default void upload(String key, Path file) throws IOException {
    upload(key, file, _ -> {});
  }

  Optional<StoredObject> head(String key) throws IOException;

  /**
   * Everything whose key starts with the prefix (any string; empty for all), sorted by key; sees
   * every finished write.
   */
  List<StoredObject> list(String prefix) throws IOException;

  /**
   * The names under the prefix that are no keys, so that {@link #list} leaves them out: only
   * another program can have written them. Marks of folders are not among them. A store that cannot
   * tell says nothing.
   */
  default List<String> foreign(String prefix) throws IOException {
    return List.of();
  }

  /** Removes the object; nothing happens if there is none. */
  void delete(String key) throws IOException;

  @Override
  void close() throws IOException;

  /** The store answers, and does not let us in, so that repeating the call cannot help. */
  final class NoAccess extends IOException {
    private static final long serialVersionUID = 1;

    public NoAccess(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  /** A blob that its reference promises is not there. */
  final class MissingObject extends IOException {
    private static final long serialVersionUID = 1;

    public MissingObject(URI uri) {
      super(uri + " is not in the store; it was deleted, or never published");
    }
  }

  /** A blob whose bytes are not those that its reference names. */
  final class CorruptObject extends IOException {
    private static final long serialVersionUID = 1;

    public CorruptObject(Reference reference, String actual) {
      this(reference.uri(), "sha256 " + reference.sha256(), "sha256 " + actual);
    }

    /**
     * @param wanted what was stored, in a word or two
     * @param actual what came instead
     */
    public CorruptObject(URI uri, String wanted, String actual) {
      super(
          "%s has %s where %s was stored; the object is damaged, write it again"
              .formatted(uri, actual, wanted));
    }
  }
}
