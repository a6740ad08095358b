package io.fettle.data.prepare;

import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The rows that were read, on disk in normal form, so that memory holds none of their text. */
final class Spool implements Closeable {
  private final Path file;
  private final OutputStream out;
  private int rows;

  Spool(Path file) throws IOException {
    this.file = file;
    out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
  }

  /** Takes rows back in order. */
  interface Reader {
    void row(int place, Row row) throws IOException;
  }

  Path file() {
    return file;
  }

  int rows() {
    return rows;
  }

  /** Appends a row in its normal form. */
  void add(byte[] line) throws IOException {
    out.write(line);
    rows++;
  }

  /** Ends the writing; only then are the rows read back. */
  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Takes lines back in order. */
  interface Lines {
    /** One line, its line feed included; the buffer is used again. */
    void line(int place, byte[] buffer, int from, int to) throws IOException;
  }

  /** Faster than {@link #forEach}, where the row's meaning does not matter. */
  void forEachLine(Lines lines) throws IOException {
    var buffer = new byte[1 << 20];
    int filled = 0;
    int place = 0;
    try (var in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer, filled, buffer.length - filled)) {
        int start = 0;
        for (int end = end(buffer, filled, filled + n);
            end >= 0;
            end = end(buffer, start, filled + n)) {
          lines.line(place++, buffer, start, end);
          start = end;
        }
        filled += n - start;
        System.arraycopy(buffer, start, buffer, 0, filled);
        if (filled == buffer.length) {
          buffer = Arrays.copyOf(buffer, 2 * filled);
        }
      }
    }
  }

  /** Behind the next line feed, or -1. */
  private static int end(byte[] buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  void forEach(Reader reader) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int place = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        reader.row(place++, RowJson.row(line));
      }
    }
  }
}
