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
  interface Reader<E extends Exception> {
    void row(int place, Row row) throws IOException, E;
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

  /** The lines as they lie there; only after {@link #close}. */
  LineFile lines() {
    return new LineFile(file);
  }

  <E extends Exception> void forEach(Reader<E> reader) throws IOException, E {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int place = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        reader.row(place++, RowJson.row(line));
      }
    }
  }
}
