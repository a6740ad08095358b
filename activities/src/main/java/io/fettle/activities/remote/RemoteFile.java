package io.fettle.activities.remote;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * One object in any bucket, by its address.
 *
 * @param bucket its address, ending in a slash
 * @param key the object's name in it
 */
public record RemoteFile(URI bucket, String key) {
  private static final Pattern REMOTE = Pattern.compile("(s3|gs)://.*");

  /** Whether it is meant as an address in a bucket. */
  public static boolean isRemote(String text) {
    return REMOTE.matcher(text).matches();
  }

  /**
   * @param address {@code s3://bucket/name} or {@code gs://bucket/name}
   * @throws IOException a sentence, if it is none
   */
  public static RemoteFile of(String address) throws IOException {
    try {
      var uri = URI.create(address);
      var key = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/+", "");
      if (uri.getRawAuthority() == null
          || uri.getQuery() != null
          || uri.getFragment() != null
          || !Stores.isKey(key)) {
        throw new IOException(
            "an object's address is s3://bucket/name or gs://bucket/name, with segments of A-Z a-z 0-9 . _ = @ + -");
      }
      var bucket = URI.create("%s://%s/".formatted(uri.getScheme(), uri.getRawAuthority()));
      return new RemoteFile(Stores.inBucket(bucket), key);
    } catch (IllegalArgumentException e) {
      throw new IOException("no address: " + e.getMessage(), e);
    }
  }

  /**
   * A path of this machine, written as one or as {@code file:///path}.
   *
   * @throws InvalidPathException if it is neither
   */
  public static Path local(String text) {
    if (!text.startsWith("file:/")) {
      return Path.of(text);
    }
    try {
      return Path.of(URI.create(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidPathException(text, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Copies it to a file, verified where its writer noted a hash.
   *
   * @param store of its bucket
   * @throws NoSuchFileException with the address, if nothing is there
   */
  public void fetch(ObjectStore store, Path target) throws IOException {
    if (store.copy(key, target) == Copied.NOTHING_THERE) {
      throw new NoSuchFileException(bucket + key);
    }
  }
}
