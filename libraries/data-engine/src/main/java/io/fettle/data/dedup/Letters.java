package io.fettle.data.dedup;

import java.text.Normalizer;

/**
 * What a UTF-16 unit is in a text that is composed and case-folded, wherever that does not depend
 * on its neighbours: so that most texts need neither be composed nor folded as a whole.
 */
final class Letters {
  /** Ends a word, and whatever composition and case folding look at. */
  static final char SPACE = 0;

  /** Ends a word. */
  static final char OTHER = 1;

  /** Can only be told with its neighbours. */
  static final char UNKNOWN = 0xFFFF;

  private static final int ASCII = 0x80;
  private static final char[] PLAIN = new char[ASCII];

  static {
    for (char c = 0; c < ASCII; c++) {
      PLAIN[c] = Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : OTHER;
    }
    for (char space : " \t\n\r".toCharArray()) {
      PLAIN[space] = SPACE;
    }
  }

  private Letters() {}

  /** Made when the first text beyond ASCII comes: it takes some tens of milliseconds. */
  private static final class All {
    private static final char[] OF = new char[1 << Character.SIZE];

    static {
      for (int c = 0; c < OF.length; c++) {
        OF[c] = c < ASCII ? PLAIN[c] : alone((char) c);
      }
    }
  }

  /** The folded letter or digit, or one of the constants. */
  static char of(char c) {
    return c < ASCII ? PLAIN[c] : All.OF[c];
  }

  private static char alone(char c) {
    if (Character.isSurrogate(c) || composes(c)) {
      return UNKNOWN;
    }
    var text = String.valueOf(c);
    var folded = Text.folded(text);
    if (!Normalizer.isNormalized(text, Normalizer.Form.NFC) || folded.length() != 1) {
      return UNKNOWN;
    }
    char only = folded.charAt(0);
    return Character.isLetterOrDigit(only) ? only : OTHER;
  }

  /**
   * Whether it may join the letter before it or be reordered: marks, and the vowels and finals of
   * Hangul (Unicode Standard Annex 15, quick check "maybe").
   */
  private static boolean composes(char c) {
    int type = Character.getType(c);
    boolean isMark =
        type == Character.NON_SPACING_MARK
            || type == Character.COMBINING_SPACING_MARK
            || type == Character.ENCLOSING_MARK;
    return isMark || (c >= '\u1160' && c <= '\u11FF');
  }
}
