package io.fettle.activities.remote;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Objects under one name in any bucket, as the files of a folder.
 *
 * @param root its address, ending in a slash
 * @param wanted which of them, by their names under it
 */
public record RemoteFolder(URI root, Predicate<String> wanted) {
  /**
   * @param address {@code s3://bucket/name} or {@code gs://bucket/name}, or a bucket's
   * @throws IOException a sentence, if it is none
   */
  public static RemoteFolder of(String address, Predicate<String> wanted) throws IOException {
    try {
      return new RemoteFolder(Stores.inBucket(URI.create(address.replaceFirst("/+$", ""))), wanted);
    } catch (IllegalArgumentException e) {
      throw new IOException("no address: " + e.getMessage(), e);
    }
  }

  /**
   * What lies there.
   *
   * @param bytes of what is wanted, by its name under the address, in the order of the names
   * @param unreadable what is there under names that no store takes, and so cannot be fetched
   */
  public record Contents(SortedMap<String, Long> bytes, List<String> unreadable) {
    public Contents {
      bytes = Collections.unmodifiableSortedMap(new TreeMap<>(bytes));
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * Looks what lies there.
   *
   * @return nothing where nothing does
   */
  public Contents contents(Access access) throws IOException {
    try (var store = Stores.open(root, access)) {
      var bytes = new TreeMap<String, Long>();
      for (var object : store.list("")) {
        if (wanted.test(object.key())) {
          bytes.put(object.key(), object.bytes());
        }
      }
      return new Contents(bytes, store.foreign(""));
    }
  }

  /**
   * One hash of what lies there: another one as soon as an object is added, removed or written
   * again.
   *
   * @throws NoSuchFileException with the address, if nothing does
   */
  public String state(Access access) throws IOException {
    try (var store = Stores.open(root, access)) {
      var listed =
          objects(store).stream()
              .map(is -> "%s %d %s%n".formatted(is.key(), is.bytes(), is.modified()))
              .collect(Collectors.joining());
      return Stores.sha256((root + "%n".formatted() + listed).getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Copies them into a folder, each verified as {@link RemoteFile#fetch} does; goes on with what a
   * killed process has left there.
   *
   * @param arrived hears bytes as they come, from several threads
   */
  public void fetch(Access access, Path folder, LongConsumer arrived) throws IOException {
    try (var store = Stores.open(root, access)) {
      AtOnce.each(objects(store), object -> copy(store, object.key(), folder, arrived));
    }
  }

  private void copy(ObjectStore store, String key, Path folder, LongConsumer arrived)
      throws IOException {
    if (store.copy(key, folder.resolve(key), arrived) == ObjectStore.Copied.NOTHING_THERE) {
      throw new NoSuchFileException(root + key);
    }
  }

  private List<StoredObject> objects(ObjectStore store) throws IOException {
    var objects = store.list("").stream().filter(object -> wanted.test(object.key())).toList();
    if (objects.isEmpty()) {
      throw new NoSuchFileException(root.toString());
    }
    return objects;
  }
}
