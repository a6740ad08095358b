package io.fettle.benchmarks.data;

import io.fettle.data.row.Row;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What is compared, worked out again without any code of the engine: sets of Strings. */
final class PlainShingles {
  private static final int WORDS = 5;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{Nd}]+");

  private PlainShingles() {}

  static double similarity(Row a, Row b) {
    var left = of(a);
    var right = of(b);
    var shared = new HashSet<>(left);
    shared.retainAll(right);
    return (double) shared.size() / (left.size() + right.size() - shared.size());
  }

  private static Set<String> of(Row row) {
    var text = Normalizer.normalize(row.prompt() + "\n" + row.response(), Normalizer.Form.NFC);
    var matcher = WORD.matcher(text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
    List<String> words = new ArrayList<>();
    while (matcher.find()) {
      words.add(matcher.group());
    }
    Set<String> shingles = new HashSet<>();
    int width = Math.min(WORDS, words.size());
    for (int i = 0; i + width <= words.size(); i++) {
      shingles.add(String.join(" ", words.subList(i, i + width)));
    }
    return shingles;
  }
}
