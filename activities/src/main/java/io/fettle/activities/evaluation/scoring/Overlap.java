package io.fettle.activities.evaluation.scoring;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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
    Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
    return word.results()
        .mapToInt(found -> numbers.computeIfAbsent(found.group(), _ -> numbers.size()))
        .toArray();
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
    for (int order = 1; order <= orders; order++) {
      double matched = matched(a, b, order);
      precision += matched / (b.length - order + 1) / orders;
      recall += matched / (a.length - order + 1) / orders;
    }
    double weighted = BETA_SQUARED * precision + recall;
    return weighted == 0 ? 0 : (1 + BETA_SQUARED) * precision * recall / weighted;
  }

  private static int[] characters(String text) {
    return text.codePoints().filter(c -> !Character.isWhitespace(c)).toArray();
  }

  /** n-grams that both have, each as often as the one that has it less. */
  private int matched(int[] a, int[] b, int order) {
    int size = Integer.highestOneBit(Math.max(8, 2 * a.length)) << 1;
    if (keys.length < size) {
      keys = new long[size];
      counts = new int[size];
    }
    Arrays.fill(keys, 0, size, 0);
    for (int at = 0; at + order <= a.length; at++) {
      int slot = slot(hash(a, at, order), size);
      counts[slot] = keys[slot] == 0 ? 1 : counts[slot] + 1;
      keys[slot] = hash(a, at, order);
    }
    int matched = 0;
    for (int at = 0; at + order <= b.length; at++) {
      int slot = slot(hash(b, at, order), size);
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

  /** 64 bits of up to six characters, never 0: two that differ share them as good as never. */
  private static long hash(int[] text, int at, int order) {
    long hash = order;
    for (int i = at; i < at + order; i++) {
      hash = (hash ^ text[i]) * SPREAD;
      hash ^= hash >>> 29;
    }
    return hash == 0 ? 1 : hash;
  }
}
