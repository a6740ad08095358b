package io.fettle.activities.evaluation.advice;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A sentence as its words, in lower case. */
record Sentence(List<String> words) {
  private static final Pattern END = Pattern.compile("(?<=[.!?])\\s+|[\\r\\n]+");
  private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}@.,'-]+");
  private static final Pattern EDGE = Pattern.compile("^[.,'-]+|[.,'-]+$");

  /** Shorter ones are headings. */
  private static final int FEWEST = 4;

  static List<Sentence> of(String text) {
    return END.splitAsStream(text)
        .map(Sentence::one)
        .filter(sentence -> sentence.words().size() >= FEWEST)
        .distinct()
        .toList();
  }

  static Sentence one(String text) {
    return new Sentence(
        Arrays.stream(BETWEEN.split(text.toLowerCase(Locale.ROOT)))
            .map(word -> EDGE.matcher(word).replaceAll(""))
            .filter(word -> !word.isEmpty())
            .toList());
  }

  /** Whether it says the same but for numbers, or but for one word. */
  boolean contradicts(Sentence other) {
    if (words.size() != other.words.size()) {
      return false;
    }
    int numbers = 0;
    int others = 0;
    for (int i = 0; i < words.size(); i++) {
      String ours = words.get(i);
      String theirs = other.words.get(i);
      if (ours.equals(theirs)) {
        continue;
      }
      boolean numeric = numeric(ours) && numeric(theirs);
      numbers += numeric ? 1 : 0;
      others += numeric ? 0 : 1;
    }
    return others == 0 ? numbers > 0 : others == 1 && numbers == 0;
  }

  private static boolean numeric(String word) {
    return word.chars().anyMatch(Character::isDigit);
  }
}
