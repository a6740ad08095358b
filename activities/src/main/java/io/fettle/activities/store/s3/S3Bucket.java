package io.fettle.activities.store.s3;

import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.bucket.Bucket;
import io.fettle.activities.store.bucket.Bucket.Reading;
import io.fettle.activities.store.s3.SignedReads.Got;
import java.io.EOFException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** One bucket over the AWS SDK. */
final class S3Bucket implements Bucket {
  private static final int GONE = 404;
  private static final int NO_SUCH_RANGE = 416;
  private static final int CONFLICT = 409;
  private static final int THERE_ALREADY = 412;

  /** S3 copies no larger object in one call. */
  private static final long LARGEST_COPY = 5L << 30;

  private final S3Clients clients;
  private final S3Client client;
  private final String bucket;
  private final PartsUpload parts;
  private final SignedReads reads;

  private S3Bucket(S3Clients clients, String bucket, Access access) {
    this.clients = clients;
    this.client = clients.patient();
    this.bucket = bucket;
    this.reads = new SignedReads(clients.http(), client, bucket);
    this.parts = new PartsUpload(clients, bucket, access.transfer());
  }

  static S3Bucket open(String bucket, Access access) throws IOException {
    return new S3Bucket(S3Clients.open(access), bucket, access);
  }

  // --- Writing

  // The SDK's own repeats would take the answer to a lost first call for another writer's, so each
  // call goes out once and who won is read from the object itself.
  @Override
  public boolean create(String name, byte[] body, String sha256) throws IOException {
    var writer = UUID.randomUUID().toString();
    var request = put(name, Noted.by(writer, sha256)).ifNoneMatch("*").build();
    boolean uncertain = false;
    for (var again = new Again(); ; ) {
      try {
        clients.once().putObject(request, RequestBody.fromBytes(body));
        return true;
      } catch (S3Exception e) {
        if (e.statusCode() == THERE_ALREADY) {
          return uncertain && isBy(writer, name);
        }
        // A conflict says that another writer is at it: nothing was written.
        uncertain |= e.statusCode() != CONFLICT;
        again.after(e);
      } catch (SdkException e) {
        uncertain = true;
        again.after(e);
      }
    }
  }

  private boolean isBy(String writer, String name) throws IOException {
    return described(name).map(is -> writer.equals(is.metadata().get(Noted.WRITER))).orElse(false);
  }

  @Override
  public void put(String name, byte[] body, String sha256) throws IOException {
    Failures.told(
        () -> client.putObject(put(name, Noted.of(sha256)).build(), RequestBody.fromBytes(body)));
  }

  private PutObjectRequest.Builder put(String name, Map<String, String> noted) {
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key(name)
        .metadata(noted)
        .checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
  }

  @Override
  public void upload(String name, Source source, LongConsumer sent) throws IOException {
    var writer = UUID.randomUUID().toString();
    parts.run(name, source, sent, Noted.by(writer, source.sha256()), () -> isBy(writer, name));
  }

  // --- Reading

  @Override
  public Optional<byte[]> get(String name, int most) throws IOException {
    return switch (reads.get(name, most)) {
      case Got.Bytes whole -> Optional.of(whole.body());
      case Got.Nothing() -> Optional.empty();
      case Got.Unclear() -> patient(name, most);
    };
  }

  private Optional<byte[]> patient(String name, int most) throws IOException {
    for (var again = new Again(); ; ) {
      try {
        return Optional.of(getOnce(name, most));
      } catch (S3Exception e) {
        if (e.statusCode() == GONE && !Failures.isOfTheBucket(e)) {
          return Optional.empty();
        }
        again.after(e);
      } catch (SdkException e) {
        again.after(e);
      } catch (IOException e) { // cut off in the middle of the body
        again.after(e, false);
      }
    }
  }

  private byte[] getOnce(String name, int most) throws IOException {
    var in = clients.once().getObject(get -> get.bucket(bucket).key(name));
    boolean isWhole = false;
    try {
      var body = in.readNBytes(most);
      isWhole = body.length == in.response().contentLength();
      if (!isWhole && body.length < most) {
        throw new EOFException("the server ended the answer early");
      }
      return body;
    } finally {
      end(in, isWhole);
    }
  }

  /** The connection of one that was read to its end is used again. */
  private static void end(ResponseInputStream<GetObjectResponse> in, boolean isWhole)
      throws IOException {
    if (isWhole) {
      in.close();
    } else {
      in.abort();
    }
  }

  @Override
  public Optional<Described> describe(String name) throws IOException {
    return described(name)
        .map(
            is ->
                new Described(
                    is.contentLength(),
                    is.lastModified(),
                    age(is),
                    is.eTag(),
                    is.metadata().getOrDefault(Noted.SHA256, ""),
                    StoredSum.of(is, isAmazon())));
  }

  private boolean isAmazon() {
    return client.serviceClientConfiguration().endpointOverride().isEmpty();
  }

  /** The answer's date is the store's now. */
  private static Optional<Duration> age(HeadObjectResponse is) {
    try {
      return is.sdkHttpResponse()
          .firstMatchingHeader("Date")
          .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
          .map(now -> Duration.between(is.lastModified(), now));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private Optional<HeadObjectResponse> described(String name) throws IOException {
    try {
      return Optional.of(
          client.headObject(
              head -> head.bucket(bucket).key(name).checksumMode(ChecksumMode.ENABLED)));
    } catch (S3Exception e) {
      if (e.statusCode() == GONE) {
        return Optional.empty();
      }
      throw Failures.sentence(e);
    } catch (SdkException e) {
      throw Failures.sentence(e);
    }
  }

  // Cut off in the middle, it goes on where it was.
  @Override
  public void read(String name, String version, Reading reading) throws IOException {
    reads.read(name, version, reading);
    for (var again = new Again(); !reading.isDone(); ) {
      long before = reading.from();
      try {
        readOnce(name, version, reading);
      } catch (S3Exception e) {
        if (e.statusCode() == THERE_ALREADY
            || e.statusCode() == GONE
            || e.statusCode() == NO_SUCH_RANGE) {
          throw new Changed(name);
        }
        again.after(e);
      } catch (SdkException | IOException e) {
        again.after(e, reading.from() > before);
      }
    }
  }

  private void readOnce(String name, String version, Reading reading) throws IOException {
    var in =
        clients
            .once()
            .getObject(
                get ->
                    get.bucket(bucket)
                        .key(name)
                        .ifMatch(version)
                        .range("bytes=%d-%d".formatted(reading.from(), reading.last())));
    boolean isWhole = false;
    try {
      Bucket.refuseOtherRange(name, in.response().contentRange(), reading.from());
      reading.take(in);
      isWhole = true;
    } finally {
      end(in, isWhole);
    }
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    return Failures.told(
        () ->
            client
                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                .contents()
                .stream()
                .map(each -> new StoredObject(each.key(), each.size(), seconds(each)))
                .toList());
  }

  /** As a description has it: some servers list milliseconds. */
  private static Instant seconds(S3Object each) {
    return each.lastModified().truncatedTo(ChronoUnit.SECONDS);
  }

  // --- The rest

  @Override
  public boolean renew(String name) throws IOException {
    var found = described(name);
    if (found.isEmpty()) {
      return false;
    }
    var is = found.get();
    try {
      copyOntoItself(name, is);
      return true;
    } catch (SdkException e) {
      if (isReplaced(e)) {
        return isAlike(name, is); // another host has just made it young
      }
      if (Failures.isCutOff(e)) {
        return true;
      }
      throw Failures.sentence(e);
    } catch (IOException e) { // of a part
      if (isReplaced(e.getCause())) {
        return isAlike(name, is);
      }
      throw e;
    }
  }

  private static boolean isReplaced(@Nullable Throwable why) {
    return why instanceof S3Exception answer
        && (answer.statusCode() == GONE || answer.statusCode() == THERE_ALREADY);
  }

  private boolean isAlike(String name, HeadObjectResponse before) throws IOException {
    var sha256 = before.metadata().get(Noted.SHA256);
    return sha256 != null
        && described(name)
            .filter(is -> is.contentLength().equals(before.contentLength()))
            .filter(is -> sha256.equals(is.metadata().get(Noted.SHA256)))
            .isPresent();
  }

  private void copyOntoItself(String name, HeadObjectResponse is) throws IOException {
    var noted = Noted.renewed(is.metadata());
    if (is.contentLength() > LARGEST_COPY) {
      parts.copyOntoItself(name, is, noted);
      return;
    }
    clients
        .slow()
        .copyObject(
            copy ->
                copy.sourceBucket(bucket)
                    .sourceKey(name)
                    .copySourceIfMatch(is.eTag())
                    .destinationBucket(bucket)
                    .destinationKey(name)
                    .metadataDirective(MetadataDirective.REPLACE)
                    .metadata(noted));
  }

  @Override
  public void delete(String name) throws IOException {
    try {
      client.deleteObject(delete -> delete.bucket(bucket).key(name));
    } catch (S3Exception e) {
      if (e.statusCode() != GONE || Failures.isOfTheBucket(e)) {
        throw Failures.sentence(e);
      }
    } catch (SdkException e) {
      throw Failures.sentence(e);
    }
  }

  @Override
  public void close() {
    clients.close();
  }
}
