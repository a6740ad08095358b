package io.fettle.data.tokens;

/** Where a text is cut before its pieces are encoded each for itself. */
interface Pretokens {
  /**
   * The end of the piece that begins at {@code from}, which is before {@code to}.
   *
   * @param text well-formed UTF-8
   */
  int end(byte[] text, int from, int to);

  /**
   * The end of an English contraction at an apostrophe: {@code 's 't 'm 'd 're 've 'll}; {@code
   * from} itself where there is none.
   */
  static int contraction(byte[] text, int from, int to, boolean anyCase) {
    if (from + 1 >= to) {
      return from;
    }
    int first = lower(text[from + 1], anyCase);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return from + 2;
    }
    if (anyCase && isLongS(text, from + 1, to)) {
      return from + 3;
    }
    if (from + 2 >= to) {
      return from;
    }
    int second = lower(text[from + 2], anyCase);
    boolean isTwo =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return isTwo ? from + 3 : from;
  }

  private static int lower(byte letter, boolean anyCase) {
    return anyCase && letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
  }

  /** U+017F, which is an s without case. */
  private static boolean isLongS(byte[] text, int at, int to) {
    return at + 1 < to && text[at] == (byte) 0xC5 && text[at + 1] == (byte) 0xBF;
  }

  /**
   * The end of white space that begins at {@code from}: all of it before the end of the text, else
   * all but its last character, which goes with what follows; one alone stays.
   *
   * @param end of the run of white space
   * @param isLast whether nothing follows it
   */
  static int spaces(byte[] text, int from, int end, boolean isLast) {
    if (isLast) {
      return end;
    }
    int last = end - 1;
    while ((text[last] & 0xC0) == 0x80) {
      last--;
    }
    return last == from ? end : last;
  }

  /** The end of the run of white space, lines' ends and all, that begins at {@code from}. */
  static int spaceRun(byte[] text, int from, int to) {
    int at = from;
    for (byte is = Characters.classAt(text, at, to);
        is == Characters.SPACE || is == Characters.NEWLINE;
        is = Characters.classAt(text, at, to)) {
      at = Characters.next(text, at);
    }
    return at;
  }
}
