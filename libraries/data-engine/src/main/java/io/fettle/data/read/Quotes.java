package io.fettle.data.read;

/**
 * Follows a CSV file's bytes only as far as to know where a quoted field is open. A quote inside a
 * field that began without one is a letter like any other.
 */
final class Quotes {
  private static final byte COMMA = ',';
  private static final byte ORDINARY = ' ';

  private final byte separator;
  private State state = State.START_OF_FILE;

  /**
   * @param separator of fields
   */
  Quotes(char separator) {
    this.separator = (byte) separator;
  }

  private enum State {
    START_OF_FILE,
    MARK_1,
    MARK_2,
    START_OF_FIELD,
    PLAIN,
    QUOTED,

    /** Behind a quote that closes the field, if no second one follows. */
    CLOSING;

    State after(byte next) {
      return switch (this) {
        case START_OF_FILE -> next == (byte) 0xEF ? MARK_1 : START_OF_FIELD.after(next);
        case MARK_1 -> next == (byte) 0xBB ? MARK_2 : PLAIN.after(next);
        case MARK_2 -> next == (byte) 0xBF ? START_OF_FIELD : PLAIN.after(next);
        case START_OF_FIELD -> next == '"' ? QUOTED : PLAIN.after(next);
        case PLAIN -> next == COMMA ? START_OF_FIELD : PLAIN;
        case QUOTED -> next == '"' ? CLOSING : QUOTED;
        case CLOSING -> next == '"' ? QUOTED : PLAIN.after(next);
      };
    }
  }

  boolean isOpen() {
    return state == State.QUOTED;
  }

  /** Goes on; a line's end is not among the bytes. */
  void take(byte[] bytes, int from, int to) {
    if (state.compareTo(State.START_OF_FIELD) < 0 || hasAny(bytes, from, to)) {
      for (int i = next(bytes, from, to); i < to; i = next(bytes, i + 1, to)) {
        state = state.after(asWithCommas(bytes[i]));
      }
    } else if (from < to && !isOpen()) {
      state = State.PLAIN.after(asWithCommas(bytes[to - 1]));
    }
  }

  private byte asWithCommas(byte next) {
    if (next == separator) {
      return COMMA;
    }
    return next == COMMA ? ORDINARY : next;
  }

  /** Inside of quotes only another one matters. */
  private int next(byte[] bytes, int from, int to) {
    int at = from;
    while (isOpen() && at < to && bytes[at] != '"') {
      at++;
    }
    return at;
  }

  void endLine() {
    state = isOpen() ? State.QUOTED : State.START_OF_FIELD;
  }

  private static boolean hasAny(byte[] bytes, int from, int to) {
    boolean any = false;
    for (int i = from; i < to; i++) {
      any |= bytes[i] == '"';
    }
    return any;
  }
}
