package io.fettle.activities.evaluation.scoring;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How much of a reference's wording an answer has. Reuses its tables: one thread at a time. */
final class Overlap {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final int ORDERS = 6;
  private static final int GLEU_ORDERS = 4;
  private static final double BETA_SQUARED = 4;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private long[] keys = new long[0];
  private int[] counts = new int[0];

  /**
   * ROUGE-L: F1 of the longest common subsequence of words, lower case, letters and digits only, no
   * stemming; 0 where either has no word.
   *
   * <p>Source: C.-Y. Lin, "ROUGE: a package for automatic evaluation of summaries" (2004), section
   * 3, with beta = 1.
   */
  double rougeL(String reference, String answer) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] a = words(reference, numbers);
    int[] b = words(answer, numbers);
    if (a.length == 0 || b.length == 0) {
      return 0;
    }
    return 2.0 * common(a, b, numbers.size()) / (a.length + b.length);
  }

  /**
   * ROUGE-n: F1 of word n-grams, words as for {@link #rougeL}; 0 where either has none.
   *
   * <p>Source: Lin (2004), section 2, with precision beside recall.
   */
  static double rougeN(String reference, String answer, int order) {
    Map<String, Integer> wanted = grams(reference, order, order);
    Map<String, Integer> given = grams(answer, order, order);
    int all = Json.size(wanted) + Json.size(given);
    return all == 0 ? 0 : 2.0 * Json.shared(wanted, given) / all;
  }

  /**
   * GLEU of one sentence: of all word n-grams of 1 to 4, the smaller of precision and recall.
   *
   * <p>Source: Y. Wu et al., "Google's neural machine translation system" (2016), section 5.2.
   */
  static double gleu(String reference, String answer) {
    Map<String, Integer> wanted = grams(reference, 1, GLEU_ORDERS);
    Map<String, Integer> given = grams(answer, 1, GLEU_ORDERS);
    int most = Math.max(Json.size(wanted), Json.size(given));
    return most == 0 ? 0 : Json.shared(wanted, given) / (double) most;
  }

  private static Map<String, Integer> grams(String text, int least, int most) {
    List<String> words =
        WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
    Map<String, Integer> grams = new HashMap<>();
    for (int order = least; order <= most; order++) {
      for (int at = 0; at + order <= words.size(); at++) {
        grams.merge(String.join(" ", words.subList(at, at + order)), 1, Integer::sum);
      }
    }
    return grams;
  }

  private static int[] words(String text, Map<String, Integer> numbers) {
    String lower = text.toLowerCase(Locale.ROOT);
    int[] words = new int[lower.length() / 2 + 1];
    int count = 0;
    int start = 0;
    for (int at = 0; at <= lower.length(); ) {
      int c = at < lower.length() ? lower.codePointAt(at) : ' ';
      int next = at + Character.charCount(c);
      if (!isOfWord(c)) {
        if (at > start) {
          words[count] = numbers.computeIfAbsent(lower.substring(start, at), _ -> numbers.size());
          count++;
        }
        start = next;
      }
      at = next;
    }
    return Arrays.copyOf(words, count);
  }

  /** What {@link #WORD} takes, without its machinery. */
  private static boolean isOfWord(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> Character.isLetter(c);
    };
  }

  /**
   * Length of the longest common subsequence, 64 cells at a time: a bit that is 0 says that the
   * length grows at that word of {@code a}.
   *
   * <p>Source: H. Hyyrö, "Bit-parallel LCS-length computation revisited" (2004).
   */
  static int common(int[] a, int[] b, int alphabet) {
    int blocks = (a.length + Long.SIZE - 1) / Long.SIZE;
    long[][] places = new long[alphabet][];
    for (int i = 0; i < a.length; i++) {
      if (places[a[i]] == null) places[a[i]] = new long[blocks];
      places[a[i]][i / Long.SIZE] |= 1L << (i % Long.SIZE);
    }
    long[] row = new long[blocks];
    Arrays.fill(row, -1L);
    for (int word : b) {
      if (places[word] != null) step(row, places[word]);
    }
    int length = 0;
    for (int i = 0; i < a.length; i++) {
      length += ((row[i / Long.SIZE] >>> (i % Long.SIZE)) & 1) == 0 ? 1 : 0;
    }
    return length;
  }

  /** row = (row + (row & places)) | (row & ~places), the carry going from block to block. */
  private static void step(long[] row, long[] places) {
    long carry = 0;
    for (int block = 0; block < row.length; block++) {
      long before = row[block];
      long matched = before & places[block];
      long half = before + matched;
      long sum = half + carry;
      boolean over = Long.compareUnsigned(half, before) < 0 || Long.compareUnsigned(sum, half) < 0;
      carry = over ? 1 : 0;
      row[block] = sum | (before & ~places[block]);
    }
  }

  /**
   * chrF with beta 2 over character n-grams of 1 to 6, white space left out; orders that one of the
   * texts is too short for count for nothing; 0 where none is left.
   *
   * <p>Source: M. Popović, "chrF: character n-gram F-score for automatic MT evaluation" (2015); the
   * means over orders are taken as sacreBLEU 2 takes them for a sentence.
   */
  double chrf(String reference, String answer) {
    int[] a = characters(reference);
    int[] b = characters(answer);
    int orders = Math.min(ORDERS, Math.min(a.length, b.length));
    if (orders == 0) {
      return 0;
    }
    double precision = 0;
    double recall = 0;
    long[] wanted = new long[a.length];
    long[] given = new long[b.length];
    for (int order = 1; order <= orders; order++) {
      extend(wanted, a, order);
      extend(given, b, order);
      int grams = a.length - order + 1;
      int others = b.length - order + 1;
      double matched = matched(wanted, grams, given, others);
      precision += matched / others / orders;
      recall += matched / grams / orders;
    }
    double weighted = BETA_SQUARED * precision + recall;
    return weighted == 0 ? 0 : (1 + BETA_SQUARED) * precision * recall / weighted;
  }

  private static int[] characters(String text) {
    return text.codePoints().filter(c -> !Character.isWhitespace(c)).toArray();
  }

  /**
   * The hash of each n-gram, from that of its first n - 1 characters: 64 bits, never 0; two that
   * differ share them as good as never.
   */
  private static void extend(long[] hashes, int[] text, int order) {
    for (int at = 0; at + order <= text.length; at++) {
      long hash = (hashes[at] ^ text[at + order - 1]) * SPREAD;
      hash ^= hash >>> 29;
      hashes[at] = hash == 0 ? 1 : hash;
    }
  }

  /** n-grams that both have, each as often as the one that has it less. */
  private int matched(long[] wanted, int grams, long[] given, int others) {
    int size = Integer.highestOneBit(Math.max(8, 2 * grams)) << 1;
    if (keys.length < size) {
      keys = new long[size];
      counts = new int[size];
    }
    Arrays.fill(keys, 0, size, 0);
    for (int at = 0; at < grams; at++) {
      int slot = slot(wanted[at], size);
      counts[slot] = keys[slot] == 0 ? 1 : counts[slot] + 1;
      keys[slot] = wanted[at];
    }
    int matched = 0;
    for (int at = 0; at < others; at++) {
      int slot = slot(given[at], size);
      if (keys[slot] != 0 && counts[slot] > 0) {
        counts[slot]--;
        matched++;
      }
    }
    return matched;
  }

  /** Where the key is, or would be. */
  private int slot(long key, int size) {
    int slot = (int) (key >>> 32) & (size - 1);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & (size - 1);
    }
    return slot;
  }
}
