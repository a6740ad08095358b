package io.fettle.activities.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.ServiceLoader;

/** Opens stores, and holds the one hash that names their blobs. */
public final class Stores {
  private Stores() {}

  /**
   * A kind of store that comes with another jar of the class path, found by {@link ServiceLoader}.
   */
  public interface Provider {
    /** The scheme of its addresses. */
    String scheme();

    /**
     * Opens a store without touching it further.
     *
     * @throws IOException a sentence, if nothing can be kept there
     */
    ObjectStore open(URI root) throws IOException;
  }

  /**
   * Opens a store without touching it further; a folder that is missing is made.
   *
   * @throws IOException a sentence, if nothing can be kept there
   */
  public static ObjectStore open(URI root) throws IOException {
    String scheme = root.getScheme();
    for (Provider provider : ServiceLoader.load(Provider.class)) {
      if (provider.scheme().equals(scheme)) {
        return provider.open(root);
      }
    }
    if (!"file".equals(scheme)) {
      throw new IOException(
          "store "
              + root
              + ": "
              + (scheme == null ? "no scheme" : scheme + "://")
              + " is not supported; use file:///absolute/folder");
    }
    return FileStore.open(Path.of(root));
  }

  /**
   * Opens a store and proves that it can be trusted, by racing writers and a list right after a
   * write. For processes that live long; takes a second or two.
   *
   * @throws IOException a sentence that says what the store got wrong
   */
  public static ObjectStore openProbed(URI root) throws IOException, InterruptedException {
    ObjectStore store = open(root);
    try {
      Probe.run(store);
      return store;
    } catch (IOException | InterruptedException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** The hash of bytes, in 64 lower-case hex digits. */
  public static String sha256(byte[] body) {
    return hex(digest().digest(body));
  }

  /** The hash of a file's bytes, in 64 lower-case hex digits. */
  public static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 18];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return hex(digest.digest());
  }

  private static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
