package io.fettle.activities.store.s3;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket.Source;
import io.fettle.activities.store.bucket.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects in parts, each under its own checksum, so many at a time over all objects of the bucket.
 * Streams: no part is held.
 */
final class PartsUpload {
  private static final int MOST_PARTS = 10_000;
  private static final long COPIED_PART = 1L << 30;
  private static final int GONE = 404;

  private final S3Clients clients;
  private final S3Client client;
  private final String bucket;
  private final Transfer transfer;
  private final Semaphore streams;
  private final Pace pace;

  PartsUpload(S3Clients clients, String bucket, Transfer transfer) {
    this.clients = clients;
    this.client = clients.patient();
    this.bucket = bucket;
    this.transfer = transfer;
    this.streams = new Semaphore(transfer.streams(), true);
    this.pace = new Pace(transfer.bytesPerSecond());
  }

  private record Piece(int number, long from, long bytes) {
    static List<Piece> of(long bytes, long partBytes) {
      var pieces = new ArrayList<Piece>();
      for (long from = 0; from < bytes; from += partBytes) {
        pieces.add(new Piece(pieces.size() + 1, from, Math.min(partBytes, bytes - from)));
      }
      return pieces;
    }
  }

  private interface Sending {
    CompletedPart send(String upload, Piece piece) throws IOException;
  }

  /**
   * What is asked.
   *
   * @param lastLook before the object shows
   * @param isThere where the last answer was lost
   */
  private record Asking(Look lastLook, Check isThere) {}

  private interface Look {
    void look() throws IOException;
  }

  interface Check {
    boolean holds() throws IOException;
  }

  /**
   * @param sent hears of each part that has gone
   * @param isOurs whether the object is what this call has written
   */
  void run(String name, Source source, LongConsumer sent, Map<String, String> noted, Check isOurs)
      throws IOException {
    long least = (source.bytes() + MOST_PARTS - 1) / MOST_PARTS;
    var pieces = Piece.of(source.bytes(), Math.max(transfer.partBytes(), least));
    all(
        name,
        pieces,
        noted,
        (upload, piece) -> {
          var part = send(name, source, upload, piece);
          sent.accept(piece.bytes());
          return part;
        },
        new Asking(source::refuseChanged, isOurs));
  }

  private CompletedPart send(String name, Source source, String upload, Piece piece)
      throws IOException {
    try (var slices = new Slices(source.file(), piece.from(), piece.bytes(), pace)) {
      var sent =
          client.uploadPart(
              part ->
                  part.bucket(bucket)
                      .key(name)
                      .uploadId(upload)
                      .partNumber(piece.number())
                      .contentLength(piece.bytes())
                      .checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
              RequestBody.fromContentProvider(
                  slices::next, piece.bytes(), "application/octet-stream"));
      return CompletedPart.builder()
          .partNumber(piece.number())
          .eTag(sent.eTag())
          .checksumCRC32C(sent.checksumCRC32C())
          .build();
    }
  }

  /** Copies an object that is too large to be copied whole, to make it young. */
  void copyOntoItself(String name, HeadObjectResponse is, Map<String, String> noted)
      throws IOException {
    all(
        name,
        Piece.of(is.contentLength(), COPIED_PART),
        noted,
        (upload, piece) -> copy(name, is, upload, piece),
        // Each part was copied of this version alone, and what is there then is no older.
        new Asking(() -> {}, () -> true));
  }

  private CompletedPart copy(String name, HeadObjectResponse is, String upload, Piece piece) {
    var copied =
        clients
            .slow()
            .uploadPartCopy(
                copy ->
                    copy.sourceBucket(bucket)
                        .sourceKey(name)
                        .copySourceIfMatch(is.eTag())
                        .copySourceRange(
                            "bytes=%d-%d".formatted(piece.from(), piece.from() + piece.bytes() - 1))
                        .destinationBucket(bucket)
                        .destinationKey(name)
                        .uploadId(upload)
                        .partNumber(piece.number()))
            .copyPartResult();
    return CompletedPart.builder()
        .partNumber(piece.number())
        .eTag(copied.eTag())
        .checksumCRC32C(copied.checksumCRC32C())
        .build();
  }

  private void all(
      String name, List<Piece> pieces, Map<String, String> noted, Sending sending, Asking asking)
      throws IOException {
    var upload =
        Failures.told(
                () ->
                    client.createMultipartUpload(
                        create ->
                            create
                                .bucket(bucket)
                                .key(name)
                                .metadata(noted)
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)))
            .uploadId();
    boolean shows = false;
    try {
      var parts = sent(upload, pieces, sending);
      asking.lastLook().look();
      complete(name, upload, parts, asking);
      shows = true;
    } finally {
      if (!shows) {
        abort(name, upload);
      }
    }
  }

  private List<CompletedPart> sent(String upload, List<Piece> pieces, Sending sending)
      throws IOException {
    var sent = new ConcurrentSkipListMap<Integer, CompletedPart>();
    AtOnce.each(
        pieces,
        transfer.streams(),
        piece -> {
          takeStream();
          try {
            sent.put(piece.number(), sending.send(upload, piece));
          } catch (SdkException e) {
            throw Failures.sentence(e);
          } finally {
            streams.release();
          }
        });
    return List.copyOf(sent.values());
  }

  private void takeStream() throws IOException {
    try {
      streams.acquire();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("it was stopped");
    }
  }

  /** A server that has done it, and whose answer was lost, no longer knows the upload. */
  private void complete(String name, String upload, List<CompletedPart> parts, Asking asking)
      throws IOException {
    try {
      clients
          .slow()
          .completeMultipartUpload(
              complete ->
                  complete
                      .bucket(bucket)
                      .key(name)
                      .uploadId(upload)
                      .multipartUpload(made -> made.parts(parts)));
    } catch (SdkException e) {
      if (!mayHaveDone(e) || !asking.isThere().holds()) {
        throw Failures.sentence(e);
      }
    }
  }

  private static boolean mayHaveDone(SdkException e) {
    return e instanceof S3Exception answer
        ? answer.statusCode() == GONE && !Failures.isOfTheBucket(answer)
        : true;
  }

  /** What cannot be taken back now is the bucket's lifecycle rule's. */
  private void abort(String name, String upload) {
    boolean wasStopped = Thread.interrupted(); // else the call would not go out
    try {
      client.abortMultipartUpload(abort -> abort.bucket(bucket).key(name).uploadId(upload));
    } catch (SdkException e) {
      Failures.unheard("abort the upload of " + name, e);
    } finally {
      if (wasStopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A part of a file as one stream after another, of which the newest alone is open. */
  private static final class Slices implements AutoCloseable {
    private final Path file;
    private final long from;
    private final long bytes;
    private final Pace pace;
    private InputStream open = InputStream.nullInputStream();

    Slices(Path file, long from, long bytes, Pace pace) {
      this.file = file;
      this.from = from;
      this.bytes = bytes;
      this.pace = pace;
    }

    InputStream next() {
      try {
        open.close();
        open = Slice.of(file, from, bytes, pace);
        return open;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      open.close();
    }
  }
}
