package io.fettle.activities.store;

import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  /** Creates or replaces an object from a file; readers see the old bytes or the new ones. */
  void upload(String key, Path file) throws IOException;

  Optional<StoredObject> head(String key) throws IOException;

  /**
   * Everything whose key starts with the prefix (any string; empty for all), sorted by key; sees
   * every finished write.
   */
  List<StoredObject> list(String prefix) throws IOException;

  /** Removes the object; nothing happens if there is none. */
  void delete(String key) throws IOException;

  @Override
  void close() throws IOException;

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
      super(
          reference.uri()
              + " has sha256 "
              + actual
              + " where "
              + reference.sha256()
              + " was stored; the object is damaged, publish it again");
    }
  }
}
