package io.fettle.activities.store.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import io.fettle.activities.store.ObjectStore.NoAccess;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket;
import io.fettle.activities.store.bucket.Bucket.Tries;
import io.fettle.activities.store.bucket.Pace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One bucket over Google's client. An object's version is its generation. */
final class GcsBucket implements Bucket {
  private static final String SHA256 = "fettle-sha256";
  private static final String WRITER = "fettle-writer";
  private static final String RENEWAL = "fettle-renewal";

  /** Of one call; its pauses are random from nothing on, hence a few more. */
  private static final RetrySettings PATIENCE =
      ServiceOptions.getDefaultRetrySettings().toBuilder()
          .setMaxAttempts(Tries.MOST + 4)
          .setInitialRetryDelayDuration(Tries.FIRST_PAUSE)
          .setRetryDelayMultiplier(2)
          .setMaxRetryDelayDuration(Tries.LONGEST_PAUSE)
          .setTotalTimeoutDuration(Duration.ofMinutes(2))
          .build();

  private static final int COPIED = 1 << 20;
  private static final int GONE = 404;
  private static final int CONDITION = 412;

  private final Storage storage;
  private final String bucket;
  private final Transfer transfer;
  private final GcsReads reads;
  private final Pace pace;
  private final Semaphore streams;

  private GcsBucket(StorageOptions options, String bucket, Transfer transfer) {
    this.storage = options.getService();
    this.bucket = bucket;
    this.transfer = transfer;
    this.reads = new GcsReads(options, bucket);
    this.pace = new Pace(transfer.bytesPerSecond());
    this.streams = new Semaphore(transfer.streams(), true);
  }

  static GcsBucket open(String bucket, Access access) throws IOException {
    try {
      var options =
          StorageOptions.http()
              .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy())
              .setRetrySettings(PATIENCE);
      access.endpoint("gs").ifPresent(elsewhere -> at(elsewhere, options));
      return new GcsBucket(options.build(), bucket, access.transfer());
    } catch (RuntimeException e) {
      throw new NoAccess(
          "no Google credentials were found; set GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`",
          e);
    }
  }

  /** A server on a plain connection is a test's: it is not given anybody's credentials. */
  private static void at(URI elsewhere, StorageOptions.Builder options) {
    options.setHost(elsewhere.toString());
    if ("http".equals(elsewhere.getScheme())) {
      options.setProjectId("elsewhere").setCredentials(NoCredentials.getInstance());
    }
  }

  private BlobId id(String name) {
    return BlobId.of(bucket, name);
  }

  // --- Writing

  // The client repeats the call by itself, so who won is read from the object.
  @Override
  public boolean create(String name, byte[] body, String sha256) throws IOException {
    var writer = UUID.randomUUID().toString();
    var noted = Map.of(SHA256, sha256, WRITER, writer);
    var info = BlobInfo.newBuilder(id(name)).setMetadata(noted).build();
    return Failures.told(() -> isCreated(info, body, writer));
  }

  private boolean isCreated(BlobInfo info, byte[] body, String writer) {
    try {
      storage.create(info, body, BlobTargetOption.doesNotExist());
      return true;
    } catch (StorageException e) {
      if (e.getCode() != CONDITION) {
        throw e;
      }
      return writer.equals(noted(storage.get(info.getBlobId()), WRITER));
    }
  }

  @Override
  public void put(String name, byte[] body, String sha256) throws IOException {
    Failures.told(() -> storage.create(info(name, sha256), body));
  }

  private BlobInfo info(String name, String sha256) {
    return BlobInfo.newBuilder(id(name)).setMetadata(Map.of(SHA256, sha256)).build();
  }

  // A resumable upload shows when its channel is closed; one that is left shows nothing.
  @Override
  public void upload(String name, Source source, LongConsumer sent) throws IOException {
    try {
      streams.acquire();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("it was stopped");
    }
    try (var file = FileChannel.open(source.file(), StandardOpenOption.READ)) {
      send(name, source, file, sent);
    } catch (StorageException e) {
      throw Failures.sentence(e);
    } finally {
      streams.release();
    }
  }

  private void send(String name, Source source, FileChannel file, LongConsumer sent)
      throws IOException {
    var to = storage.writer(info(name, source.sha256()));
    to.setChunkSize(transfer.partBytes());
    var sending = source.sending();
    var buffer = ByteBuffer.allocate(COPIED);
    while (file.read(buffer.clear()) >= 0) {
      sending.take(buffer.flip().duplicate());
      pace.take(buffer.remaining());
      sent.accept(write(buffer, to));
    }
    sending.refuseChanged();
    to.close();
  }

  private static int write(ByteBuffer buffer, WriteChannel to) throws IOException {
    int bytes = buffer.remaining();
    while (buffer.hasRemaining()) {
      to.write(buffer);
    }
    return bytes;
  }

  // --- Reading

  @Override
  public Optional<byte[]> get(String name, int most) throws IOException {
    return reads.get(name, most);
  }

  @Override
  public Optional<Described> describe(String name) throws IOException {
    var found = found(name);
    if (found != null && "gzip".equals(found.getContentEncoding())) {
      throw new IOException(
          "gs://%s/%s is kept with Content-Encoding gzip, which the server undoes; copy it there without (gcloud storage objects update --clear-content-encoding, or a plain upload)"
              .formatted(bucket, name));
    }
    return found == null
        ? Optional.empty()
        : Optional.of(
            new Described(
                found.getSize(),
                modified(found),
                Optional.empty(),
                String.valueOf(found.getGeneration()),
                noted(found, SHA256),
                Optional.ofNullable(found.getCrc32c())
                    .map(value -> Sum.ofBase64(Sum.Algorithm.CRC32C, value))));
  }

  private @Nullable Blob found(String name) throws IOException {
    return Failures.told(() -> storage.get(id(name)));
  }

  private static String noted(@Nullable Blob blob, String what) {
    var metadata = blob == null ? null : blob.getMetadata();
    var value = metadata == null ? null : metadata.get(what);
    return value == null ? "" : value;
  }

  /** A change of its metadata makes an object young. */
  private static Instant modified(Blob blob) {
    return blob.getUpdateTimeOffsetDateTime().toInstant();
  }

  @Override
  public void read(String name, String version, Reading reading) throws IOException {
    reads.read(name, version, reading);
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    return Failures.told(
        () ->
            storage
                .list(bucket, BlobListOption.prefix(prefix))
                .streamAll()
                .map(each -> new StoredObject(each.getName(), each.getSize(), modified(each)))
                .toList());
  }

  // --- The rest

  @Override
  public boolean renew(String name) throws IOException {
    var found = found(name);
    if (found == null) {
      return false;
    }
    var noted = new HashMap<String, @Nullable String>();
    if (found.getMetadata() != null) {
      noted.putAll(found.getMetadata());
    }
    noted.put(RENEWAL, UUID.randomUUID().toString());
    try {
      found.toBuilder()
          .setMetadata(noted)
          .build()
          .update(BlobTargetOption.metagenerationMatch(), BlobTargetOption.generationMatch());
      return true;
    } catch (StorageException e) {
      if (e.getCode() == GONE) {
        return false;
      }
      if (e.getCode() == CONDITION) { // another writer has just renewed or replaced it
        return found(name) != null;
      }
      throw Failures.sentence(e);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Failures.told(() -> storage.delete(id(name)));
  }

  @Override
  public void close() throws IOException {
    try {
      storage.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) { // declared for AutoCloseable alone
      throw new IOException(e);
    }
  }
}
