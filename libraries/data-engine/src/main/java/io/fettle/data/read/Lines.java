package io.fettle.data.read;

import io.fettle.data.read.Format.Container;
import io.fettle.data.read.Unpacked.BrokenPacking;
import io.fettle.data.row.Reason;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file's lines as strict UTF-8: ends in LF or CRLF, a byte order mark at the start is skipped,
 * and a line that is too long is skipped without being held.
 */
final class Lines implements Closeable {
  /**
   * Far above any row that fits a context window; it keeps a file without line ends from filling
   * the heap.
   */
  static final int MAX_LINE_BYTES = 8 << 20;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final String name;
  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private final CharsetDecoder strict =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final Quotes quotes;
  private int position;
  private int limit;
  private long number;

  Lines(String name, InputStream in, int maxBytes) {
    this(name, in, maxBytes, Container.CSV);
  }

  private Lines(String name, InputStream in, int maxBytes, Container container) {
    this.name = name;
    this.in = in;
    this.maxBytes = maxBytes;
    this.quotes = new Quotes(container.separator());
  }

  /** A file's, unpacked. */
  static Lines of(Source source) throws IOException {
    return of(source.name(), source.path(), source.format().container());
  }

  static Lines of(String name, Path file) throws IOException {
    return of(name, file, Container.CSV);
  }

  private static Lines of(String name, Path file, Container container) throws IOException {
    try {
      return new Lines(name, Unpacked.open(file), MAX_LINE_BYTES, container);
    } catch (BrokenPacking e) {
      throw new UnreadableFile(name, 1, e);
    }
  }

  /**
   * One line.
   *
   * @param number from 1
   * @param text without its end; for a line with a problem only what a CSV parser needs to keep its
   *     place
   * @param problem why the line is no text, or null
   */
  record Line(long number, String text, @Nullable Reason problem) {}

  /** The next line, empty at the end of the file. */
  Optional<Line> next() throws IOException {
    if (position == limit && !fill()) {
      return Optional.empty();
    }
    number++;
    var bytes = new ByteArrayOutputStream(256);
    boolean tooLong = false;
    boolean wasOpen = quotes.isOpen();
    while (position < limit || fill()) {
      int end = endOfLine();
      tooLong = tooLong || bytes.size() + (end - position) > maxBytes;
      quotes.take(buffer, position, end);
      if (!tooLong) {
        bytes.write(buffer, position, end - position);
      }
      position = end;
      if (position < limit) {
        position++; // the line feed
        break;
      }
    }
    quotes.endLine();
    boolean turned = wasOpen != quotes.isOpen();
    return Optional.of(
        tooLong ? placeholder(turned, Reason.LINE_TOO_LONG) : decoded(bytes.toByteArray(), turned));
  }

  private Line decoded(byte[] bytes, boolean turned) {
    int start = number == 1 && startsWithByteOrderMark(bytes) ? BYTE_ORDER_MARK.length : 0;
    int end =
        bytes.length > start && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    try {
      String text = strict.decode(ByteBuffer.wrap(bytes, start, end - start)).toString();
      return text.indexOf('\0') < 0
          ? new Line(number, text, null)
          : placeholder(turned, Reason.NUL_BYTE);
    } catch (CharacterCodingException _) {
      return placeholder(turned, Reason.NOT_UTF8);
    }
  }

  private Line placeholder(boolean turned, Reason problem) {
    return new Line(number, turned ? "\"" : "", problem);
  }

  private boolean fill() throws IOException {
    position = 0;
    try {
      limit = Math.max(0, in.read(buffer));
    } catch (BrokenPacking e) {
      throw new UnreadableFile(name, number, e);
    }
    return limit > 0;
  }

  private int endOfLine() {
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  private static boolean startsWithByteOrderMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == BYTE_ORDER_MARK[0]
        && bytes[1] == BYTE_ORDER_MARK[1]
        && bytes[2] == BYTE_ORDER_MARK[2];
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
