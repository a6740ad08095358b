package io.fettle.activities.store.bucket;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file under way, {@code .NAME.part}, and beside it its {@link PartJournal}: which parts are
 * there. A process that dies leaves both, and the next one fetches only what has no line, or whose
 * bytes do not have their line's sum.
 */
final class PartFile implements AutoCloseable {
  private final Path data;
  private final FileChannel content;
  private final PartJournal journal;
  private final long bytes;
  private final int partBytes;
  private final BitSet done; // guarded by this

  private PartFile(
      Path data, FileChannel content, PartJournal journal, long bytes, int partBytes, BitSet done) {
    this.data = data;
    this.content = content;
    this.journal = journal;
    this.bytes = bytes;
    this.partBytes = partBytes;
    this.done = done;
  }

  /**
   * Opens what an earlier process left of this very version, or begins anew. Null while another
   * process or thread is at it, or has just finished.
   *
   * @param version of the bytes: the same means the same bytes
   */
  static @Nullable PartFile open(Path target, String version, long bytes, int partBytes)
      throws IOException {
    var data = target.resolveSibling("." + target.getFileName() + ".part");
    Files.createDirectories(data.resolveSibling("."));
    var journal = PartJournal.open(target);
    if (journal == null) {
      return null;
    }
    try {
      return opened(
          data, journal, "%d %d %s".formatted(bytes, partBytes, version), bytes, partBytes);
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static PartFile opened(
      Path data, PartJournal journal, String about, long bytes, int partBytes) throws IOException {
    var content = FileChannel.open(data, CREATE, READ, WRITE);
    try {
      var done = new BitSet();
      var file = new PartFile(data, content, journal, bytes, partBytes, done);
      if (content.size() == bytes && journal.isAbout(about)) {
        for (var line : journal.lines()) {
          file.take(line);
        }
      } else {
        journal.begin(about);
        resize(content, bytes);
      }
      return file;
    } catch (IOException | RuntimeException e) {
      content.close();
      throw e;
    }
  }

  private void take(PartJournal.Line line) throws IOException {
    if (line.part() < count()) {
      done.set(line.part(), line.sum() == sum(line.part()));
    }
  }

  /** All of it holes. */
  private static void resize(FileChannel content, long bytes) throws IOException {
    content.truncate(0);
    if (bytes > 0) {
      content.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
    }
  }

  private long sum(int part) throws IOException {
    var sum = new CRC32C();
    long end = offset(part) + length(part);
    var buffer = ByteBuffer.allocate(Math.min(1 << 18, length(part)));
    for (long at = offset(part); at < end; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      read(at, buffer);
      sum.update(buffer.flip());
    }
    return sum.getValue();
  }

  int count() {
    return Math.toIntExact((bytes + partBytes - 1) / partBytes);
  }

  long offset(int part) {
    return (long) part * partBytes;
  }

  int length(int part) {
    return (int) Math.min(partBytes, bytes - offset(part));
  }

  synchronized boolean isThere(int part) {
    return done.get(part);
  }

  /** For one part, which then comes from its first byte on. */
  Incoming incoming(int part) {
    return new Incoming(part);
  }

  /** Writes a part as it comes. It is there once it is whole and kept. For one thread. */
  final class Incoming implements Bucket.Sink {
    private final int part;
    private final CRC32C sum = new CRC32C();
    private long at;

    private Incoming(int part) {
      this.part = part;
      this.at = offset(part);
    }

    @Override
    public void take(byte[] bytes, int length) throws IOException {
      sum.update(bytes, 0, length);
      var body = ByteBuffer.wrap(bytes, 0, length);
      while (body.hasRemaining()) {
        at += content.write(body, at);
      }
    }

    /**
     * Keeps what has come.
     *
     * @param wanted the CRC-32C that it must have, in hex; empty: not known
     * @return false if it has another one; nothing happened then
     */
    boolean isKept(String wanted) throws IOException {
      if (!wanted.isEmpty() && Long.parseLong(wanted, 16) != sum.getValue()) {
        return false;
      }
      synchronized (PartFile.this) {
        journal.add(new PartJournal.Line(part, sum.getValue()));
        done.set(part);
      }
      return true;
    }
  }

  /** Fills the buffer with bytes that are there. */
  void read(long from, ByteBuffer into) throws IOException {
    long at = from;
    while (into.hasRemaining()) {
      int n = content.read(into, at);
      if (n < 0) {
        throw new IOException("a file under way became shorter; begin again");
      }
      at += n;
    }
  }

  /**
   * It is whole, and was checked: it takes its place. Nothing is flushed: what a power cut takes is
   * in the store, and a cache hashes what it finds when a process first uses it.
   */
  void finish(Path target) throws IOException {
    Files.move(data, target, ATOMIC_MOVE, REPLACE_EXISTING);
    journal.remove();
  }

  /** It is not what it should be: nothing of it is used again. */
  void discard() throws IOException {
    Files.deleteIfExists(data);
    journal.remove();
  }

  @Override
  public void close() throws IOException {
    try (journal) {
      content.close();
    }
  }
}
