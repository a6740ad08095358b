package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.benchmarks.failures.Faults.State;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;

/**
 * A folder's store that is away, full or slow for one process when the benchmark says so. Its
 * addresses are the folder's own, so that every process names a blob alike.
 */
final class FaultyStore implements ObjectStore {
  private static final Duration SLICE = Duration.ofMillis(50);

  private final ObjectStore folder;
  private final Faults faults;

  FaultyStore(ObjectStore folder, Faults faults) {
    this.folder = folder;
    this.faults = faults;
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T read(Call<T> call) throws IOException {
    present();
    return call.run();
  }

  private <T> T write(String key, long bytes, Call<T> call) throws IOException {
    carry(bytes);
    T result = call.run();
    faults.journal(key);
    var haltAfter = faults.now().haltAfter();
    if (!haltAfter.isEmpty() && Pattern.compile(haltAfter).matcher(key).find()) {
      Runtime.getRuntime().halt(137);
    }
    return result;
  }

  private State present() throws IOException {
    var state = faults.now();
    if (state.away()) {
      throw new IOException("the store does not answer: it is away, as the benchmark has it");
    }
    return state;
  }

  /** Takes the time that these bytes take; a store that goes away meanwhile ends the upload. */
  private void carry(long bytes) throws IOException {
    double left = bytes;
    while (true) {
      var state = present();
      if (state.full()) {
        throw new IOException("No space left on device, as the benchmark has it");
      }
      if (state.bytesPerSecond() == 0 || left <= 0) {
        return;
      }
      left -= state.bytesPerSecond() * (SLICE.toMillis() / 1e3);
      pause();
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(SLICE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the upload was given up");
    }
  }

  @Override
  public URI root() {
    return folder.root();
  }

  @Override
  public URI uri(String key) {
    return folder.uri(key);
  }

  @Override
  public String key(URI uri) {
    return folder.key(uri);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] body) throws IOException {
    carry(body.length);
    boolean created = folder.putIfAbsent(key, body);
    return created ? write(key, 0, () -> true) : false;
  }

  @Override
  public void put(String key, byte[] body) throws IOException {
    write(
        key,
        body.length,
        () -> {
          folder.put(key, body);
          return key;
        });
  }

  @Override
  public Reference putBlob(String prefix, byte[] body) throws IOException {
    return write(prefix, body.length, () -> folder.putBlob(prefix, body));
  }

  @Override
  public Reference putBlob(String prefix, Path file) throws IOException {
    return write(prefix, Files.size(file), () -> folder.putBlob(prefix, file));
  }

  @Override
  public void upload(String key, Path file, LongConsumer sent) throws IOException {
    write(
        key,
        Files.size(file),
        () -> {
          folder.upload(key, file, sent);
          return key;
        });
  }

  @Override
  public Optional<byte[]> find(String key) throws IOException {
    return read(() -> folder.find(key));
  }

  @Override
  public byte[] read(Reference reference) throws IOException {
    return read(() -> folder.read(reference));
  }

  @Override
  public void download(Reference reference, Path target) throws IOException {
    present();
    folder.download(reference, target);
  }

  @Override
  public Copied copy(String key, Path target, LongConsumer arrived) throws IOException {
    return read(() -> folder.copy(key, target, arrived));
  }

  @Override
  public Copied check(String key, String sha256) throws IOException {
    return read(() -> folder.check(key, sha256));
  }

  @Override
  public Optional<StoredObject> head(String key) throws IOException {
    return read(() -> folder.head(key));
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    return read(() -> folder.list(prefix));
  }

  @Override
  public void delete(String key) throws IOException {
    present();
    folder.delete(key);
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
