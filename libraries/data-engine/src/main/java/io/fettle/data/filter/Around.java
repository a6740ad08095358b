package io.fettle.data.filter;

/** A text, and what lies before a place once everything further left is redacted. */
final class Around {
  private final String text;
  private int redacted;

  Around(String text) {
    this.text = text;
  }

  void redactedUpTo(int end) {
    redacted = end;
  }

  int length() {
    return text.length();
  }

  /** 0 beyond the end. */
  char at(int place) {
    return place < text.length() ? text.charAt(place) : 0;
  }

  /** 0 at the beginning; the bracket that stands there now where the left is redacted. */
  char before(int place) {
    return place == 0 ? 0 : place == redacted ? ']' : text.charAt(place - 1);
  }

  String part(int start, int end) {
    return text.substring(start, end);
  }

  /** Nothing of any kind begins within a word, or with a blank or a mark but these. */
  boolean mayBegin(int place) {
    char first = text.charAt(place);
    boolean begins = isWord(first) || first == '+' || first == '_' || first == '%' || first == '-';
    return begins && !isWord(before(place));
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** A letter or digit of any script: what is glued to it is part of a longer name. */
  static boolean isWord(char c) {
    return c < 0x80 ? isDigit(c) || isLetter(c) : Character.isLetterOrDigit(c);
  }
}
