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
import java.util.List;
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
   * @param address {@code s3://bucket/name} or {@code gs://bucket/name}
   * @throws IOException a sentence, if it is none
   */
  public static RemoteFolder of(String address, Predicate<String> wanted) throws IOException {
    var place = RemoteFile.of(address.replaceFirst("/+$", ""));
    return new RemoteFolder(Stores.inBucket(URI.create(place.bucket() + place.key())), wanted);
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
