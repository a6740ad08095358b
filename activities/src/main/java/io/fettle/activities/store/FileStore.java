package io.fettle.activities.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A store in a folder. Bytes are written and flushed under {@code .tmp/}, then get their name in
 * one step: {@code link(2)}, which fails if the name is taken, or {@code rename(2)}, which
 * replaces. A writer killed half way leaves a file in {@code .tmp/} and nothing else.
 */
final class FileStore implements ObjectStore {
  private static final Duration ABANDONED = Duration.ofDays(2);

  private final Path root;
  private final Path temporary;
  private final URI uri;

  private FileStore(Path root) {
    this.root = root;
    this.temporary = root.resolve(".tmp");
    String address = root.toUri().toString();
    this.uri = URI.create(address.endsWith("/") ? address : address + "/");
  }

  static FileStore open(Path folder) throws IOException {
    Path wanted = folder.toAbsolutePath().normalize();
    return Disk.explained(
        wanted,
        "open it",
        () -> {
          Disk.makeFolder(wanted);
          var store =
              new FileStore(
                  wanted.toRealPath()); // one spelling of every address, whatever links lead here
          Disk.makeFolder(store.temporary);
          store.sweep();
          return store;
        });
  }

  @Override
  public URI root() {
    return uri;
  }

  @Override
  public URI uri(String key) {
    return URI.create(uri + Keys.checked(key)); // resolve() would drop the empty authority
  }

  @Override
  public String key(URI address) {
    String text = address.toString();
    if (!text.startsWith(uri.toString())) {
      throw new IllegalArgumentException(address + " is not in the store " + uri);
    }
    return Keys.checked(text.substring(uri.toString().length()));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] body) throws IOException {
    Path target = path(key);
    return Disk.explained(
        root,
        "create " + key,
        () -> {
          if (Files.isRegularFile(target)) {
            return false;
          }
          Path temp = write(body, !Keys.isHint(key));
          try {
            return link(temp, target, !Keys.isHint(key));
          } finally {
            Files.deleteIfExists(temp);
          }
        });
  }

  @Override
  public void put(String key, byte[] body) throws IOException {
    Path target = path(key);
    Disk.explained(
        root,
        "write " + key,
        () -> rename(write(body, !Keys.isHint(key)), target, !Keys.isHint(key)));
  }

  @Override
  public Reference putBlob(String prefix, byte[] body) throws IOException {
    String sha256 = Stores.sha256(body);
    String key = Keys.blob(prefix, sha256);
    if (!isSound(key, body.length, sha256) || !isRenewed(key)) {
      put(key, body);
    }
    return new Reference(uri(key), sha256);
  }

  @Override
  public Reference putBlob(String prefix, Path file) throws IOException {
    String sha256 = Stores.sha256(file);
    String key = Keys.blob(prefix, sha256);
    if (!isSound(key, Files.size(file), sha256) || !isRenewed(key)) {
      Path target = path(key);
      Disk.explained(root, "write " + key, () -> rename(copied(file, sha256), target, true));
    }
    return new Reference(uri(key), sha256);
  }

  @Override
  public Optional<byte[]> find(String key) throws IOException {
    Path file = path(key);
    return Disk.explained(
        root,
        "read " + key,
        () -> {
          try {
            return Optional.of(Files.readAllBytes(file));
          } catch (NoSuchFileException e) { // even if a writer has just created it
            return Optional.empty();
          } catch (FileSystemException e) {
            if (Files.isRegularFile(file)) {
              throw e;
            }
            return Optional.empty();
          } catch (IOException e) { // reading a folder is no FileSystemException
            if (Files.isDirectory(file)) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public byte[] read(Reference reference) throws IOException {
    byte[] body = find(key(reference.uri())).orElseThrow(() -> new MissingObject(reference.uri()));
    String actual = Stores.sha256(body);
    if (!actual.equals(reference.sha256())) {
      throw new CorruptObject(reference, actual);
    }
    return body;
  }

  @Override
  public void download(Reference reference, Path target) throws IOException {
    Path source = path(key(reference.uri()));
    Path folder = Disk.folderOf(target);
    Path temp = folder.resolve(".download-" + UUID.randomUUID());
    Disk.explained(
        root,
        "copy " + reference.uri() + " to " + target,
        () -> {
          Files.createDirectories(folder);
          try {
            Files.copy(source, temp); // shares the blocks where the file system can
            String actual = Stores.sha256(temp);
            if (!actual.equals(reference.sha256())) {
              throw new CorruptObject(reference, actual);
            }
            return Files.move(temp, target, ATOMIC_MOVE, REPLACE_EXISTING);
          } catch (NoSuchFileException e) {
            throw isOf(source, e) ? new MissingObject(reference.uri()) : e;
          } finally {
            Files.deleteIfExists(temp);
          }
        });
  }

  @Override
  public Copied copy(String key, Path target, LongConsumer arrived) throws IOException {
    Path source = path(key);
    Path temp = Disk.folderOf(target).resolve(".download-" + UUID.randomUUID());
    return Disk.explained(
        root,
        "copy " + key + " to " + target,
        () -> {
          if (!Files.isRegularFile(source)) {
            return Copied.NOTHING_THERE;
          }
          Files.createDirectories(Disk.folderOf(target));
          try {
            Files.copy(source, temp);
            Files.move(temp, target, ATOMIC_MOVE, REPLACE_EXISTING);
            arrived.accept(Files.size(target));
            return Copied.UNVERIFIED;
          } catch (NoSuchFileException e) {
            if (isOf(source, e)) {
              return Copied.NOTHING_THERE;
            }
            throw e;
          } finally {
            Files.deleteIfExists(temp);
          }
        });
  }

  /** Whether it was missing, whoever may have created it since. */
  private static boolean isOf(Path file, NoSuchFileException missing) {
    return file.toString().equals(missing.getFile());
  }

  @Override
  public Copied check(String key, String sha256) throws IOException {
    Path file = path(key);
    return Disk.explained(
        root, "check " + key, () -> Stores.check(file, new Reference(uri(key), sha256)));
  }

  @Override
  public void upload(String key, Path file, LongConsumer sent) throws IOException {
    Path target = path(key);
    Disk.explained(root, "write " + key, () -> rename(copied(file, ""), target, true));
    sent.accept(Files.size(file));
  }

  @Override
  public Optional<StoredObject> head(String key) throws IOException {
    Path file = path(key);
    return Disk.explained(root, "look up " + key, () -> described(file));
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    int slash = prefix.lastIndexOf('/');
    Path folder = slash < 0 ? root : path(prefix.substring(0, slash));
    return Disk.explained(root, "list " + prefix, () -> new Listing(root, prefix).under(folder));
  }

  @Override
  public void delete(String key) throws IOException {
    Path file = path(key);
    Disk.explained(
        root,
        "delete " + key,
        () -> {
          if (Files.isRegularFile(file)) {
            Files.deleteIfExists(file);
          }
          return true;
        });
  }

  @Override
  public void close() {}

  private Path path(String key) {
    return root.resolve(Keys.checked(key));
  }

  private Optional<StoredObject> described(Path file) throws IOException {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return is.isRegularFile()
          ? Optional.of(
              new StoredObject(
                  root.relativize(file).toString(), is.size(), is.lastModifiedTime().toInstant()))
          : Optional.empty();
    } catch (NoSuchFileException e) { // as above
      return Optional.empty();
    } catch (FileSystemException e) {
      if (Files.exists(file)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private boolean isSound(String key, long bytes, String sha256) throws IOException {
    var there = head(key);
    return there.isPresent()
        && there.get().bytes() == bytes
        && Stores.sha256(path(key)).equals(sha256);
  }

  /** Makes a blob young again, for the collector's grace; false if it went meanwhile. */
  private boolean isRenewed(String key) throws IOException {
    try {
      Files.setLastModifiedTime(path(key), FileTime.from(Instant.now()));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private Path fresh() {
    return temporary.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
  }

  private Path write(byte[] body, boolean durable) throws IOException {
    Path temp = fresh();
    try (FileChannel channel = FileChannel.open(temp, CREATE_NEW, WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(body);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      if (durable) {
        channel.force(true);
      }
      return temp;
    } catch (IOException e) {
      Files.deleteIfExists(temp);
      throw e;
    }
  }

  /** A flushed copy under .tmp; where a hash is given, the copy has it. */
  private Path copied(Path file, String sha256) throws IOException {
    Path temp = fresh();
    try {
      Files.copy(file, temp);
      try (FileChannel channel = FileChannel.open(temp, WRITE)) {
        channel.force(true);
      }
      if (!sha256.isEmpty() && !Stores.sha256(temp).equals(sha256)) {
        throw new IOException(
            file + " changed while it was copied; publish it once its writer has finished");
      }
      return temp;
    } catch (IOException e) {
      Files.deleteIfExists(temp);
      throw e;
    }
  }

  private static boolean link(Path temp, Path target, boolean durable) throws IOException {
    Disk.makeFolder(Disk.folderOf(target));
    boolean won = true;
    try {
      Files.createLink(target, temp);
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(target)) {
        throw new IOException("it is a folder of other keys", e);
      }
      won = false;
    }
    if (durable) {
      Disk.force(Disk.folderOf(target)); // a loser too: what it was told must survive a power cut
    }
    return won;
  }

  private static Path rename(Path temp, Path target, boolean durable) throws IOException {
    try {
      Disk.makeFolder(Disk.folderOf(target));
      if (Files.isDirectory(target)) {
        throw new IOException("it is a folder of other keys");
      }
      Files.move(temp, target, ATOMIC_MOVE, REPLACE_EXISTING);
      if (durable) {
        Disk.force(Disk.folderOf(target));
      }
      return target;
    } finally {
      Files.deleteIfExists(temp);
    }
  }

  /** Drops what killed writers left, once no live writer can still own it. */
  private void sweep() throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (Stream<Path> files = Files.list(temporary)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (isOlder(file, limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isOlder(Path file, Instant limit) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
    } catch (NoSuchFileException e) { // its writer has finished
      return false;
    }
  }
}
