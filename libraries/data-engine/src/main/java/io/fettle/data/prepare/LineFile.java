package io.fettle.data.prepare;

import io.fettle.data.row.LineEnds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file of lines, each with its line feed, which are numbered from 0. */
record LineFile(Path file) {
  private static final int BLOCK = 1 << 18;

  /** Some lines on end, which any thread may read. */
  static final class Block {
    private final int place;
    private final byte[] bytes;
    private final int length;

    private Block(int place, byte[] bytes, int length) {
      this.place = place;
      this.bytes = bytes;
      this.length = length;
    }

    /** Goes over the lines in order. */
    void forEach(Lines lines) throws IOException {
      int next = place;
      int from = 0;
      while (from < length) {
        int end = Math.min(LineEnds.next(bytes, from, length) + 1, length);
        lines.line(next++, bytes, from, end);
        from = end;
      }
    }
  }

  /** Takes blocks in order. */
  interface Blocks {
    void block(Block block) throws IOException;
  }

  /** Takes lines in order. */
  interface Lines {
    /** One line, its line feed included. */
    void line(int place, byte[] buffer, int from, int to) throws IOException;
  }

  /** Hands over every line. */
  void forEach(Lines lines) throws IOException {
    forEachBlock(block -> block.forEach(lines));
  }

  /** Hands over all lines, many at a time. */
  void forEachBlock(Blocks blocks) throws IOException {
    int place = 0;
    var rest = new byte[0];
    try (var in = Files.newInputStream(file)) {
      var bytes = new byte[BLOCK];
      for (int n = in.readNBytes(bytes, 0, BLOCK); n > 0; n = next(in, bytes, rest.length)) {
        int filled = rest.length + n;
        int length = lastEnd(bytes, filled);
        rest = Arrays.copyOfRange(bytes, length, filled);
        blocks.block(new Block(place, bytes, length));
        place += LineEnds.count(bytes, length);
        bytes = Arrays.copyOf(rest, Math.max(BLOCK, 2 * rest.length));
      }
      if (rest.length > 0) {
        blocks.block(new Block(place, rest, rest.length));
      }
    }
  }

  private static int next(InputStream in, byte[] bytes, int filled) throws IOException {
    return in.readNBytes(bytes, filled, bytes.length - filled);
  }

  /** Behind the last line feed, or 0. */
  private static int lastEnd(byte[] buffer, int to) {
    int end = to;
    while (end > 0 && buffer[end - 1] != '\n') {
      end--;
    }
    return end;
  }
}
