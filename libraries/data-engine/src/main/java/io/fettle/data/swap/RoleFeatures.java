package io.fettle.data.swap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * What of a text tells a prompt from an answer, as numbers below {@link #COUNT}, each at most once:
 * its character 3-grams, how long it is, and whether it asks, instructs or is JSON. Keeps its
 * scratch between texts: one for each thread.
 */
final class RoleFeatures {
  /** A power of two. */
  static final int COUNT = 1 << 15;

  /** Roles show where a text begins and ends; whole documents say little more. */
  private static final int HEAD = 120;

  private static final int TAIL = 40;

  /** From here on no n-gram is hashed to. */
  private static final int SPECIAL = COUNT - 256;

  private static final int ASKS = SPECIAL;
  private static final int ENDS_ASKING = SPECIAL + 2;
  private static final int INSTRUCTS = SPECIAL + 4;
  private static final int IS_JSON = SPECIAL + 6;
  private static final int LINES = SPECIAL + 16;
  private static final int LENGTH = SPECIAL + 64;

  /** Three characters. */
  private static final long GRAM = 0xFFFF_FFFF_FFFFL;

  /** Above a 3-gram: it is one of the tail. */
  private static final long AT_END = 1L << 48;

  private static final long FACTOR = 0x9E37_79B9_7F4A_7C15L;

  /** Each 3-gram of head and tail, and the six others. */
  private static final int MOST = HEAD + TAIL + 6;

  private static final JsonMapper JSON = new JsonMapper();
  private static final char[] LOWER = new char[1 << Byte.SIZE];

  static {
    for (char c = 0; c < LOWER.length; c++) {
      LOWER[c] = Character.toLowerCase(c);
    }
  }

  private static final Set<String> INSTRUCTING =
      Set.of(
          """
              add am arrange assign brainstorm build categorise categorize check compose
              count decide define detect draft draw expand fill fix format formulate given
              had has have highlight if imagine improve infer label let mark match might must
              order paraphrase pick plan print prove read remove rephrase replace reply
              respond return reverse say select shall shorten simplify solve split state tag
              take think transform turn use verify
          """
              .strip()
              .split("\\s+"));

  private final int[] features = new int[MOST];
  private final int[] seenIn = new int[COUNT];
  private int text;
  private int count;

  /** A prompt and its answer, as features. */
  Pair pair(String prompt, String answer) {
    int signal = signal(prompt) - signal(answer);
    return new Pair(of(prompt), of(answer), lengthRatio(prompt, answer), signal);
  }

  /** How many of the two signs of a prompt a text shows: it begins like an instruction, it asks. */
  static int signal(String text) {
    return bit(instructs(text)) + bit(text.indexOf('?') >= 0);
  }

  int[] of(String whole) {
    var stripped = whole.strip();
    text++;
    count = 0;
    int head = Math.min(HEAD, stripped.length());
    addGrams(stripped, 0, head, 0);
    addGrams(stripped, Math.max(head, stripped.length() - TAIL), stripped.length(), AT_END);
    add(ASKS + bit(stripped.indexOf('?') >= 0));
    add(ENDS_ASKING + bit(stripped.endsWith("?")));
    add(INSTRUCTS + bit(instructs(stripped)));
    add(IS_JSON + bit(isJson(stripped)));
    add(LINES + bin(lineFeeds(stripped)));
    add(LENGTH + halves(stripped.length()));
    return Arrays.copyOf(features, count);
  }

  /** How much longer a prompt is than its answer, in halves of a power of two, about 0. */
  static int lengthRatio(String prompt, String answer) {
    double ratio = (1.0 + prompt.strip().length()) / (1.0 + answer.strip().length());
    return (int) Math.round(2 * Math.log(ratio) / Math.log(2));
  }

  private static int bit(boolean holds) {
    return holds ? 1 : 0;
  }

  private static int bin(int size) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(size);
  }

  private static int halves(int length) {
    return (int) Math.round(2 * Math.log1p(length) / Math.log(2));
  }

  private static int lineFeeds(String text) {
    int lines = 0;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      lines++;
    }
    return lines;
  }

  private void add(int feature) {
    if (seenIn[feature] != text) {
      seenIn[feature] = text;
      features[count++] = feature;
    }
  }

  private void addGrams(String whole, int from, int to, long salt) {
    long gram = ' ';
    for (int i = from; i < to; i++) {
      gram = ((gram << Character.SIZE) | lower(whole.charAt(i))) & GRAM;
      add(slot(gram | salt));
    }
  }

  private static char lower(char letter) {
    return letter < LOWER.length ? LOWER[letter] : Character.toLowerCase(letter);
  }

  /** One of SPECIAL, without a division: the upper half of a product, and that of another one. */
  private static int slot(long gram) {
    return (int) ((((gram * FACTOR) >>> 32) * SPECIAL) >>> 32);
  }

  private static boolean instructs(String text) {
    int start = 0;
    while (start < text.length() && !Character.isLetter(text.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return INSTRUCTING.contains(text.substring(start, end).toLowerCase(Locale.ROOT));
  }

  private static boolean isJson(String text) {
    if (text.isEmpty() || (text.charAt(0) != '{' && text.charAt(0) != '[')) {
      return false;
    }
    try (JsonParser parser = JSON.getFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        // only whether it goes through
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
