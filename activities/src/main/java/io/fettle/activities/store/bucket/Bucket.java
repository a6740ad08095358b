package io.fettle.activities.store.bucket;

import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the buckets of all clouds can do, by an object's whole name. Calls repeat what a network or
 * a busy server lost; what they throw is final for now, and says why. Safe for concurrent use.
 */
public interface Bucket extends AutoCloseable {

  /**
   * An object, as the bucket describes it.
   *
   * @param age since it was written or renewed, by the store's own clock; empty: not known
   * @param version changes with every write: an ETag, or a generation
   * @param sha256 of all its bytes, as its writer noted it; empty where another program wrote it
   * @param sum of all its bytes, as the store itself noted it; empty where it notes none
   */
  record Described(
      long bytes,
      Instant modified,
      Optional<Duration> age,
      String version,
      String sha256,
      Optional<Sum> sum) {
    /** Whether the other one has the same bytes, as far as its writer noted. */
    boolean isAlike(Described other) {
      return bytes == other.bytes && !sha256.isEmpty() && sha256.equals(other.sha256);
    }
  }

  /**
   * Of an object's bytes.
   *
   * @param hex lower-case, the first byte first
   */
  record Sum(Algorithm algorithm, String hex) {
    /** What stores note. */
    public enum Algorithm {
      SHA256,
      SHA1,
      MD5,
      CRC64NVME,
      CRC32C,
      CRC32
    }

    public static Sum ofBase64(Algorithm algorithm, String value) {
      return new Sum(algorithm, HexFormat.of().formatHex(Base64.getDecoder().decode(value)));
    }

    static Sum of(Algorithm algorithm, byte[] body) {
      var summing = Summing.of(algorithm);
      summing.update(ByteBuffer.wrap(body));
      return new Sum(algorithm, summing.hex());
    }

    @Override
    public String toString() {
      return algorithm.name().toLowerCase(Locale.ROOT) + " " + hex;
    }
  }

  /**
   * A file as it was when it was hashed.
   *
   * @param modified just before that
   */
  record Source(Path file, long bytes, FileTime modified, String sha256) {
    public static Source of(Path file) throws IOException {
      long bytes = Files.size(file);
      var modified = Files.getLastModifiedTime(file);
      return new Source(file, bytes, modified, Stores.sha256(file));
    }

    /**
     * For the moment between the last byte that was sent and the one in which it shows.
     *
     * @throws IOException if somebody wrote to it meanwhile
     */
    public void refuseChanged() throws IOException {
      refuse(Files.size(file) != bytes || !Files.getLastModifiedTime(file).equals(modified));
    }

    /** What of it goes out, to be compared with what was hashed. */
    public Sending sending() {
      return new Sending(this);
    }

    private void refuse(boolean isChanged) throws IOException {
      if (isChanged) {
        throw new IOException(
            file + " changed while it was copied; publish it once its writer has finished");
      }
    }
  }

  /** A source's bytes on their way out, in order. For one thread. */
  final class Sending {
    private final Source source;
    private final Summing summing = Summing.of(Sum.Algorithm.SHA256);

    private Sending(Source source) {
      this.source = source;
    }

    public void take(ByteBuffer bytes) {
      summing.update(bytes);
    }

    /** As {@link Source#refuseChanged}, where the bytes themselves were looked at too; ends it. */
    public void refuseChanged() throws IOException {
      source.refuseChanged();
      source.refuse(!summing.hex().equals(source.sha256));
    }
  }

  /**
   * Tries of one call, each after a longer random pause: about half a minute in all, in which a
   * server comes back and most of a network's bad moments pass.
   */
  final class Tries {
    /** In a row without progress. */
    public static final int MOST = 12;

    /** Each pause is half of its length to the whole of it. */
    public static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private int failures;

    /**
     * Waits before the next one.
     *
     * @param told thrown where there is no next one
     * @param progress whether this one brought the call further
     */
    public void failed(IOException told, boolean progress) throws IOException {
      failures = progress ? 1 : failures + 1;
      if (failures >= MOST) {
        throw told;
      }
      long most = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << (failures - 1));
      try {
        Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most));
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("it was stopped");
      }
    }
  }

  /**
   * For a server, or something before it, that answers a range with the whole object.
   *
   * @param range as its answer says, {@code bytes 0-99/1000}; null where it says nothing
   * @throws IOException if that begins elsewhere
   */
  static void refuseOtherRange(String name, @Nullable String range, long from) throws IOException {
    boolean isIt = range == null ? from == 0 : range.startsWith("bytes %d-".formatted(from));
    if (!isIt) {
      throw new IOException(
          "%s was asked for from byte %d and came from %s: what answers keeps no ranges"
              .formatted(name, from, range == null ? "its start" : range));
    }
  }

  /** Takes bytes in their order. */
  interface Sink {
    void take(byte[] bytes, int length) throws IOException;
  }

  /**
   * A stretch of an object on its way to a sink, each byte once, over as many calls as it takes.
   * For one thread.
   */
  final class Reading {
    private final byte[] buffer;
    private final Sink sink;
    private final long end;
    private long at;

    /**
     * @param buffer for its use alone, until it is done
     */
    Reading(long from, long bytes, byte[] buffer, Sink sink) {
      this.at = from;
      this.end = from + bytes;
      this.buffer = buffer;
      this.sink = sink;
    }

    /** The first byte that is still wanted. */
    public long from() {
      return at;
    }

    /** The last byte that is wanted. */
    public long last() {
      return end - 1;
    }

    public boolean isDone() {
      return at == end;
    }

    /**
     * Takes the body of an answer that begins with {@link #from}, as far as it goes.
     *
     * @throws EOFException if that is too short
     * @throws UncheckedIOException if the sink failed: no other call helps
     */
    public void take(InputStream body) throws IOException {
      while (at < end) {
        int n = body.read(buffer, 0, (int) Math.min(buffer.length, end - at));
        if (n < 0) {
          throw new EOFException("the server ended the answer early");
        }
        deliver(n);
        at += n;
      }
    }

    private void deliver(int bytes) {
      try {
        sink.take(buffer, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The object's bytes are no longer those that were described. */
  final class Changed extends IOException {
    private static final long serialVersionUID = 1;

    public Changed(String name) {
      super(name + " was replaced while it was read; read it again");
    }
  }

  /**
   * Creates the object unless one is there. The answer is right also where the first answer was
   * lost on its way.
   *
   * @return false if something is there already
   */
  boolean create(String name, byte[] body, String sha256) throws IOException;

  /**
   * Creates or replaces the object.
   *
   * @param sha256 noted with the object: always, since some servers keep an old note otherwise
   */
  void put(String name, byte[] body, String sha256) throws IOException;

  /**
   * Creates or replaces the object from a file, in parts; appears whole or not at all, and not if
   * the file changed.
   *
   * @param sent hears bytes as they go, from several threads
   */
  void upload(String name, Source source, LongConsumer sent) throws IOException;

  /**
   * Its bytes.
   *
   * @param most no more than so many are read: of a larger object these are the first
   */
  Optional<byte[]> get(String name, int most) throws IOException;

  Optional<Described> describe(String name) throws IOException;

  /**
   * Reads until the reading is done.
   *
   * @throws Changed if the object is no longer of that version, or is gone
   */
  void read(String name, String version, Reading reading) throws IOException;

  /** Makes the object as young as a new one. False if it is gone. */
  boolean renew(String name) throws IOException;

  /** In order of their names; {@code key} is the whole name. */
  List<StoredObject> list(String prefix) throws IOException;

  /** Nothing happens if there is none. */
  void delete(String name) throws IOException;

  @Override
  void close() throws IOException;
}
