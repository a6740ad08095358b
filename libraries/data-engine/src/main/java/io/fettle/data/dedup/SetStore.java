package io.fettle.data.dedup;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows' sets as {@link Shingles} makes them: the first in memory, and those beyond a budget in
 * a file, from which each is read again whenever it is asked for. Filled by one thread, then read
 * by any number.
 */
final class SetStore implements ShingleSets, Closeable {
  private static final int BUFFER = 1 << 20;

  /** What an array costs beside its elements. */
  private static final int OVERHEAD = 20;

  private final Optional<Path> folder;
  private final List<long[]> held = new ArrayList<>();
  private final Longs ends = new Longs();
  private long budget;
  private int count;
  private long total;
  private long written;
  private Optional<Scratch> scratch = Optional.empty();

  private record Scratch(Path file, FileChannel channel, ByteBuffer unwritten) {}

  /**
   * @param folder where the file is made, if one is needed; without it all sets are held
   * @param budget bytes of sets to hold
   */
  SetStore(Optional<Path> folder, long budget) {
    this.folder = folder;
    this.budget = budget;
  }

  void add(long[] set) throws IOException {
    budget -= (long) set.length * Long.BYTES + OVERHEAD;
    if (count == held.size() && (budget >= 0 || folder.isEmpty())) {
      held.add(set);
    } else {
      spill(set);
    }
    total += set.length;
    count++;
  }

  /** Ends the filling. */
  void seal() throws IOException {
    if (scratch.isPresent()) {
      flush(scratch.get());
    }
  }

  @Override
  public int count() {
    return count;
  }

  /** Shingles of all rows together. */
  long total() {
    return total;
  }

  @Override
  public long[] of(int row) {
    if (row < held.size()) {
      return held.get(row);
    }
    int place = row - held.size();
    long start = place == 0 ? 0 : ends.get(place - 1L);
    var set = new long[(int) (ends.get(place) - start)];
    try {
      read(start * Long.BYTES, set);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return set;
  }

  private void read(long position, long[] into) throws IOException {
    var bytes = ByteBuffer.allocate(into.length * Long.BYTES);
    var channel = scratch.orElseThrow().channel();
    for (long at = position; bytes.hasRemaining(); ) {
      int n = channel.read(bytes, at);
      if (n < 0) {
        throw new EOFException("the scratch file of shingles was cut short at " + at);
      }
      at += n;
    }
    bytes.flip().asLongBuffer().get(into);
  }

  private static Scratch opened(Path folder) throws IOException {
    var file = Files.createTempFile(folder, "shingles-", ".tmp");
    var channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    return new Scratch(file, channel, ByteBuffer.allocateDirect(BUFFER));
  }

  private void spill(long[] set) throws IOException {
    if (scratch.isEmpty()) {
      scratch = Optional.of(opened(folder.orElseThrow()));
    }
    var to = scratch.orElseThrow();
    for (long shingle : set) {
      if (to.unwritten().remaining() < Long.BYTES) {
        flush(to);
      }
      to.unwritten().putLong(shingle);
    }
    written += set.length;
    ends.add(written);
  }

  private static void flush(Scratch to) throws IOException {
    to.unwritten().flip();
    while (to.unwritten().hasRemaining()) {
      to.channel().write(to.unwritten());
    }
    to.unwritten().clear();
  }

  @Override
  public void close() throws IOException {
    if (scratch.isPresent()) {
      scratch.get().channel().close();
      Files.deleteIfExists(scratch.get().file());
    }
  }
}
