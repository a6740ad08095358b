package io.fettle.activities.store;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    ObjectStore open(URI root, Access access) throws IOException;
  }

  /**
   * How a store is reached.
   *
   * @param endpoints of servers that are not the cloud's own, by the scheme of their addresses;
   *     else as the cloud's tools find it
   */
  public record Access(Map<String, URI> endpoints, Transfer transfer) {
    public static final Access USUAL = new Access(Map.of(), Transfer.USUAL);

    public Access {
      endpoints = Map.copyOf(endpoints);
      endpoints.values().forEach(Access::refuseNone);
    }

    private static void refuseNone(URI endpoint) {
      if (!List.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
          || endpoint.getHost() == null) {
        throw new IllegalArgumentException(
            "the store's endpoint is %s; use https://host or http://host:port".formatted(endpoint));
      }
    }

    public Optional<URI> endpoint(String scheme) {
      return Optional.ofNullable(endpoints.get(scheme));
    }
  }

  /**
   * How much of a machine a store's transfers may take.
   *
   * @param streams parts under way at once, in each direction
   * @param partBytes of one part: what is fetched again when a machine dies; of what is smaller, as
   *     much as {@code streams} of them is held in memory
   * @param bytesPerSecond in each direction; 0: no limit
   */
  public record Transfer(int streams, int partBytes, long bytesPerSecond) {
    private static final int MIB = 1 << 20;

    /** Enough for a fast network. */
    public static final Transfer USUAL = new Transfer(8, 8 * MIB, 0);

    /** S3 takes no smaller part but the last. */
    private static final int LEAST_PART = 5 * MIB;

    public Transfer {
      if (streams < 1 || streams > 256) {
        throw new IllegalArgumentException("transfer.streams is %d; 1 to 256".formatted(streams));
      }
      if (partBytes < LEAST_PART) {
        throw new IllegalArgumentException(
            "transfer.part-bytes is %d; at least %d".formatted(partBytes, LEAST_PART));
      }
      if (bytesPerSecond < 0) {
        throw new IllegalArgumentException(
            "transfer.bytes-per-second is %d; 0 (no limit) or more".formatted(bytesPerSecond));
      }
    }
  }

  /** The store answers, and broke a promise on which leases, claims and aliases rest. */
  public static final class Untrusted extends IOException {
    private static final long serialVersionUID = 1;

    Untrusted(String sentence) {
      super(sentence);
    }
  }

  /**
   * Opens a store without touching it further; a folder that is missing is made.
   *
   * @throws IOException a sentence, if nothing can be kept there
   */
  public static ObjectStore open(URI root) throws IOException {
    return open(root, Access.USUAL);
  }

  /** The same, reached in another way than the usual one. */
  public static ObjectStore open(URI root, Access access) throws IOException {
    String scheme = root.getScheme();
    for (Provider provider : ServiceLoader.load(Provider.class)) {
      if (provider.scheme().equals(scheme)) {
        return opened(provider, root, access);
      }
    }
    if (!"file".equals(scheme)) {
      throw new IOException(
          "store "
              + root
              + ": "
              + (scheme == null ? "no scheme" : scheme + "://")
              + " is not supported; use file:///absolute/folder, s3://bucket/prefix or"
              + " gs://bucket/prefix");
    }
    return FileStore.open(Path.of(root));
  }

  private static ObjectStore opened(Provider provider, URI root, Access access) throws IOException {
    try {
      return provider.open(root, access);
    } catch (ObjectStore.NoAccess e) {
      throw new ObjectStore.NoAccess("store %s: %s".formatted(root, e.getMessage()), e);
    } catch (IOException e) {
      throw new IOException("store %s: %s".formatted(root, e.getMessage()), e);
    }
  }

  /**
   * Opens a store and proves that it can be trusted, by racing writers and a list right after a
   * write. For processes that live long; takes a second or two.
   *
   * @throws IOException a sentence that says what the store got wrong
   */
  public static ObjectStore openProbed(URI root, Access access)
      throws IOException, InterruptedException {
    ObjectStore store = open(root, access);
    try {
      Probe.run(store);
      return store;
    } catch (IOException | InterruptedException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * The address of a bucket, or of a prefix in one, ending in a slash.
   *
   * @throws IOException a sentence, if it is none
   */
  public static URI inBucket(URI root) throws IOException {
    var path = root.getPath() == null ? "" : root.getPath().replaceAll("^/+|/+$", "");
    var named = root.getRawAuthority(); // not the host: GCS has names that no host may have
    var bucket = named == null ? "" : named;
    if (!bucket.matches("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
        || root.getQuery() != null
        || root.getFragment() != null
        || !(path.isEmpty() || Keys.isAllowed(path))) {
      throw new IOException(
          "not an address of a bucket; use %s://bucket or %s://bucket/prefix, with segments of A-Z a-z 0-9 . _ = @ + -"
              .formatted(root.getScheme(), root.getScheme()));
    }
    return URI.create(
        "%s://%s/%s".formatted(root.getScheme(), bucket, path.isEmpty() ? "" : path + "/"));
  }

  /** The same in the usual way. */
  public static ObjectStore openProbed(URI root) throws IOException, InterruptedException {
    return openProbed(root, Access.USUAL);
  }

  /**
   * Compares a file of this machine with a hash.
   *
   * @param wanted whose hash may be empty: then it is only looked for
   * @throws ObjectStore.CorruptObject if it has another one
   */
  public static Copied check(Path file, Reference wanted) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Copied.NOTHING_THERE;
    }
    if (wanted.sha256().isEmpty()) {
      return Copied.UNVERIFIED;
    }
    try {
      var actual = sha256(file);
      if (actual.equals(wanted.sha256())) {
        return Copied.VERIFIED;
      }
      throw new ObjectStore.CorruptObject(wanted, actual);
    } catch (NoSuchFileException e) {
      return Copied.NOTHING_THERE;
    }
  }

  /** What is done with a blob's file. */
  public interface Use<T> {
    T of(Path file) throws IOException;
  }

  /**
   * Copies a blob to a file of this machine for one use. Nothing of it stays, also where the copy
   * is cut off.
   *
   * @throws ObjectStore.MissingObject if nothing is there
   * @throws ObjectStore.CorruptObject if the bytes have another hash
   */
  public static <T> T borrowed(ObjectStore store, Reference blob, Use<T> use) throws IOException {
    var folder = Files.createTempDirectory("fettle-blob-");
    try {
      var file = folder.resolve("blob");
      store.download(blob, file);
      return use.of(file);
    } finally {
      try (var left = Files.newDirectoryStream(folder)) { // a download that may go on leaves parts
        for (var each : left) {
          Files.delete(each);
        }
      }
      Files.delete(folder);
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

  /**
   * The key, if stores take it.
   *
   * @throws IllegalArgumentException a sentence, if not
   */
  public static String checkedKey(String key) {
    return Keys.checked(key);
  }

  /** Whether stores take the key; what another program wrote under another one is not listed. */
  public static boolean isKey(String key) {
    return Keys.isAllowed(key);
  }

  /** The key of a blob under a prefix. */
  public static String blobKey(String prefix, String sha256) {
    return Keys.blob(prefix, sha256);
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
