package io.fettle.data.read;

import io.fettle.data.row.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A line among others in a buffer, looked at byte by byte. For one thread. */
final class JsonLine {
  private static final int DECODED_AT_ONCE = 1 << 12;

  private final byte[] bytes;
  private final CharsetDecoder strict =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer sink = CharBuffer.allocate(DECODED_AT_ONCE);
  private int from;
  private int to;

  JsonLine(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Moves on; a byte order mark at the start of a file and a carriage return are no part of it. */
  void at(int start, int end, boolean isFirst) {
    from = isFirst && startsWithByteOrderMark(start, end) ? start + 3 : start;
    to = end > from && bytes[end - 1] == '\r' ? end - 1 : end;
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int length() {
    return to - from;
  }

  boolean isBlank() {
    int at = from;
    while (at < to && bytes[at] >= 0 && Character.isWhitespace(bytes[at])) {
      at++;
    }
    return at == to
        || (bytes[at] < 0
            && isUtf8()
            && new String(bytes, at, to - at, StandardCharsets.UTF_8).isBlank());
  }

  /** Why it is no text. */
  Optional<Reason> problem() {
    int all = 0;
    boolean hasNul = false;
    for (int i = from; i < to; i++) {
      all |= bytes[i];
      hasNul |= bytes[i] == 0;
    }
    if (all < 0 && !isUtf8()) {
      return Optional.of(Reason.NOT_UTF8);
    }
    return hasNul ? Optional.of(Reason.NUL_BYTE) : Optional.empty();
  }

  /** Jackson forgives some of what is none. */
  private boolean isUtf8() {
    var left = ByteBuffer.wrap(bytes, from, to - from);
    strict.reset();
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      sink.clear();
      result = strict.decode(left, sink, true);
    }
    return !result.isError();
  }

  private boolean startsWithByteOrderMark(int start, int end) {
    return end - start >= 3
        && bytes[start] == (byte) 0xEF
        && bytes[start + 1] == (byte) 0xBB
        && bytes[start + 2] == (byte) 0xBF;
  }
}
