package io.fettle.data.dedup;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The normal forms under which texts are compared. */
final class Text {
  private Text() {}

  /**
   * Composed (NFC), with every run of white space as one space. What differs only in these is the
   * same text.
   */
  static String plain(String text) {
    var out = new StringBuilder(text.length());
    boolean space = false;
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        space = true;
        continue;
      }
      if (space && !out.isEmpty()) {
        out.append(' ');
      }
      space = false;
      out.append(c);
    }
    return out.toString();
  }

  /** {@link #plain} without case. */
  static String alike(String text) {
    return folded(plain(text));
  }

  /** Maximal runs of Unicode letters and digits, composed and case-folded. */
  static List<String> words(String text) {
    String folded = folded(Normalizer.normalize(text, Normalizer.Form.NFC));
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i < folded.length(); ) {
      int point = folded.codePointAt(i);
      boolean inWord = Character.isLetterOrDigit(point);
      if (inWord && start < 0) {
        start = i;
      } else if (!inWord && start >= 0) {
        words.add(folded.substring(start, i));
        start = -1;
      }
      i += Character.charCount(point);
    }
    if (start >= 0) {
      words.add(folded.substring(start));
    }
    return words;
  }

  /**
   * Upper case first: it unites letters, as the two small sigmas, that lower case alone keeps
   * apart.
   */
  private static String folded(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
