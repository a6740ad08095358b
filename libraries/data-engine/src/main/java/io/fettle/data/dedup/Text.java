package io.fettle.data.dedup;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The normal forms under which texts are compared. */
final class Text {
  private static final int ASCII = 0x80;
  private static final byte[] PLAIN = new byte[ASCII];
  private static final byte[] ALIKE = new byte[ASCII];

  static {
    for (char c = 0; c < ASCII; c++) {
      PLAIN[c] = (byte) (Character.isWhitespace(c) ? ' ' : c);
      ALIKE[c] = (byte) Character.toLowerCase((char) PLAIN[c]);
    }
  }

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

  /** {@link #plain}, or {@link #alike}, in UTF-8; without their detours where the text is ASCII. */
  static byte[] bytes(String text, boolean withCase) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length != text.length()) {
      return (withCase ? plain(text) : alike(text)).getBytes(StandardCharsets.UTF_8);
    }
    if (isPlain(bytes)) {
      return withCase ? bytes : lower(bytes);
    }
    var forms = withCase ? PLAIN : ALIKE;
    int count = 0;
    int afterSpace = 1;
    for (byte each : bytes) {
      byte form = forms[each];
      int isSpace = form == ' ' ? 1 : 0;
      bytes[count] = form;
      count += 1 - (isSpace & afterSpace);
      afterSpace = isSpace;
    }
    return Arrays.copyOf(bytes, count > 0 ? count - afterSpace : 0);
  }

  /** Whether ASCII has no white space but single spaces between other characters: most text. */
  private static boolean isPlain(byte[] bytes) {
    int length = bytes.length;
    if (length == 0 || bytes[0] == ' ' || bytes[length - 1] == ' ') {
      return length == 0;
    }
    int odd = 0;
    for (int i = 1; i < length; i++) {
      odd |= (bytes[i] - ' ') | (((bytes[i] ^ ' ') | (bytes[i - 1] ^ ' ')) - 1);
    }
    return (odd | (bytes[0] - ' ')) >= 0; // the sign: something was below a space, or two were one
  }

  private static byte[] lower(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = ALIKE[bytes[i]];
    }
    return bytes;
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
   * Upper case first: it unites letters that lower case alone keeps apart. The sigma at the end of
   * a word is one like others, as in Unicode's own case folding: so no letter depends on another.
   */
  static String folded(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('\u03C2', '\u03C3');
  }
}
