package io.fettle.data.read;

import io.fettle.data.read.Unpacked.BrokenPacking;
import io.fettle.data.row.LineEnds;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file of lines in pieces that end where a line ends, so that each can be read for itself. A line
 * that is too long is skipped without being held.
 */
final class Blocks implements Closeable {
  /** Large enough that handing one to a thread costs nothing, small enough to keep all busy. */
  private static final int USUAL_BYTES = 1 << 19;

  private final String name;
  private final InputStream in;
  private final int usual;
  private final int longest;
  private byte[] rest = new byte[0];
  private long line = 1;
  private boolean atEnd;

  /**
   * Cuts a stream.
   *
   * @param usual bytes of a block
   * @param longest bytes that a line may have, not less than {@code usual}
   */
  Blocks(String name, InputStream in, int usual, int longest) {
    this.name = name;
    this.in = in;
    this.usual = usual;
    this.longest = longest;
  }

  /** A file's, unpacked. */
  static Blocks of(Source source) throws IOException {
    try {
      return new Blocks(
          source.name(), Unpacked.open(source.path()), USUAL_BYTES, Lines.MAX_LINE_BYTES);
    } catch (BrokenPacking e) {
      throw new UnreadableFile(source.name(), 1, e);
    }
  }

  /** Whole lines, the last one perhaps without its end. */
  static final class Block {
    private final byte[] bytes;
    private final int length;
    private final long firstLine;
    private final boolean tooLong;

    private Block(byte[] bytes, int length, long firstLine, boolean tooLong) {
      this.bytes = bytes;
      this.length = length;
      this.firstLine = firstLine;
      this.tooLong = tooLong;
    }

    byte[] bytes() {
      return bytes;
    }

    int length() {
      return length;
    }

    /** The number of its first line, from 1. */
    long firstLine() {
      return firstLine;
    }

    /** Where the line that begins at {@code from} ends: at its line feed or with the block. */
    int endOfLine(int from) {
      return LineEnds.next(bytes, from, length);
    }

    /** How many lines it has, a last one without its end included. */
    int lines() {
      boolean isOpen = length > 0 && bytes[length - 1] != '\n';
      return tooLong ? 1 : LineEnds.count(bytes, length) + (isOpen ? 1 : 0);
    }

    /** Whether this is one line, of which nothing is held because it is too long. */
    boolean isTooLong() {
      return tooLong;
    }
  }

  /** The next piece, empty at the end of the file. */
  Optional<Block> next() throws IOException {
    byte[] bytes = Arrays.copyOf(rest, Math.min(longest + 1, Math.max(usual, 2 * rest.length)));
    int filled = rest.length;
    int end = -1;
    for (int searched = 0; end < 0 && !atEnd; searched = filled) {
      if (filled > longest) {
        return Optional.of(skipped(bytes));
      }
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(2 * filled, longest + 1));
      }
      filled += read(bytes, filled);
      end = lastEnd(bytes, searched, filled);
    }
    int length = atEnd ? filled : end;
    rest = Arrays.copyOfRange(bytes, length, filled);
    return length == 0 ? Optional.empty() : Optional.of(block(bytes, length));
  }

  private Block block(byte[] bytes, int length) {
    var block = new Block(bytes, length, line, false);
    line += LineEnds.count(bytes, length);
    return block;
  }

  /** Fills up, so that a slow stream makes no small blocks. */
  private int read(byte[] bytes, int from) throws IOException {
    try {
      int n = in.readNBytes(bytes, from, bytes.length - from);
      atEnd = n < bytes.length - from;
      return n;
    } catch (BrokenPacking e) {
      throw new UnreadableFile(name, line + LineEnds.count(bytes, from), e);
    }
  }

  private Block skipped(byte[] held) throws IOException {
    var block = new Block(new byte[0], 0, line, true);
    rest = new byte[0];
    int found = 0;
    int n = 0;
    while (found == n && !atEnd) {
      n = read(held, 0);
      found = LineEnds.next(held, 0, n);
    }
    line++;
    if (found < n) {
      rest = Arrays.copyOfRange(held, found + 1, n);
    }
    return block;
  }

  /** Behind the last line feed, or -1. */
  private static int lastEnd(byte[] bytes, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
