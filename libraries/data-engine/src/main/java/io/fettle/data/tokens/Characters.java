package io.fettle.data.tokens;

/** Code points of a text in UTF-8, and the classes that pretokenizers tell apart. */
final class Characters {
  static final byte OTHER = 0;
  static final byte LETTER = 1;
  static final byte NUMBER = 2;
  static final byte SPACE = 3;

  /** Carriage return and line feed, which are spaces as well. */
  static final byte NEWLINE = 4;

  /** Past the end. */
  static final byte END = 5;

  private static final int ASCII = 128;
  private static final byte[] CLASSES = classes();

  private Characters() {}

  private static byte[] classes() {
    var classes = new byte[ASCII];
    for (int point = 0; point < ASCII; point++) {
      classes[point] = classified(point);
    }
    return classes;
  }

  /**
   * Unicode's general categories L and N, and its property White_Space, which Java's own notions of
   * white space differ from.
   */
  private static byte classified(int point) {
    if (point == '\n' || point == '\r') {
      return NEWLINE;
    }
    if (isSpace(point)) {
      return SPACE;
    }
    return switch (Character.getType(point)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      default -> OTHER;
    };
  }

  private static boolean isSpace(int point) {
    return switch (point) {
      case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680 -> true;
      case 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default -> point >= 0x2000 && point <= 0x200A;
    };
  }

  /** The class of the character that begins at {@code at}. */
  static byte classAt(byte[] text, int at, int to) {
    if (at >= to) {
      return END;
    }
    byte first = text[at];
    return first >= 0 ? CLASSES[first] : classified(pointAt(text, at));
  }

  /** Where the next character begins. */
  static int next(byte[] text, int at) {
    int first = text[at] & 0xFF;
    if (first < 0x80) {
      return at + 1;
    }
    return at + (first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4);
  }

  /** The code point that begins at {@code at} in well-formed UTF-8. */
  static int pointAt(byte[] text, int at) {
    int first = text[at] & 0xFF;
    if (first < 0x80) {
      return first;
    }
    if (first < 0xE0) {
      return (first & 0x1F) << 6 | tail(text, at + 1);
    }
    if (first < 0xF0) {
      return (first & 0x0F) << 12 | tail(text, at + 1) << 6 | tail(text, at + 2);
    }
    return (first & 0x07) << 18
        | tail(text, at + 1) << 12
        | tail(text, at + 2) << 6
        | tail(text, at + 3);
  }

  private static int tail(byte[] text, int at) {
    return text[at] & 0x3F;
  }

  /** The end of the run of one class that begins at {@code from}. */
  static int run(byte[] text, int from, int to, byte of) {
    int at = from;
    while (classAt(text, at, to) == of) {
      at = next(text, at);
    }
    return at;
  }
}
