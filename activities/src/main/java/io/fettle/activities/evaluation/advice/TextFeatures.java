package io.fettle.activities.evaluation.advice;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Words, pairs of words and character 3- to 5-grams of words, hashed to numbers, each once. */
final class TextFeatures {
  private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final int SHORTEST = 3;
  private static final int LONGEST = 5;
  private static final int FACTOR = 0x9E37_79B9;

  private final int slots;

  /** {@code slots} is a power of two. */
  TextFeatures(int slots) {
    this.slots = slots;
  }

  int[] of(String text) {
    IntStream.Builder features = IntStream.builder();
    String before = "";
    for (String word : BETWEEN.split(text.toLowerCase(Locale.ROOT))) {
      features.add(slot(word, 1));
      features.add(slot(before + " " + word, 2));
      addGrams(" " + word + " ", features);
      before = word;
    }
    return features.build().distinct().toArray();
  }

  private void addGrams(String word, IntStream.Builder features) {
    for (int size = SHORTEST; size <= LONGEST; size++) {
      for (int at = 0; at + size <= word.length(); at++) {
        features.add(slot(word.substring(at, at + size), 3));
      }
    }
  }

  private int slot(String gram, int kind) {
    int mixed = (gram.hashCode() + kind) * FACTOR;
    mixed ^= mixed >>> 15;
    mixed *= 0x85EB_CA6B;
    return (mixed ^ (mixed >>> 13)) & (slots - 1);
  }
}
