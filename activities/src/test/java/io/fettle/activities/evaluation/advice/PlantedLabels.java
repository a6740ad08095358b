package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Labelled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of a few words of their label's vocabulary among common ones, and some labels swapped. */
final class PlantedLabels {
  private static final int WORDS = 8;
  private static final int OWN = 30;
  private static final int COMMON = 200;

  private final int labels;
  private final double own;
  private final double others;

  /**
   * A shape of rows.
   *
   * @param own chance that a word is of the label's vocabulary
   * @param others chance that it is of another label's
   */
  PlantedLabels(int labels, double own, double others) {
    this.labels = labels;
    this.own = own;
    this.others = others;
  }

  /** Rows of which this share has another label than its own; ids of those begin with "swapped". */
  List<Labelled> rows(int count, double swapped, long seed) {
    Random random = new Random(seed);
    List<Labelled> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(labels);
      String text = text(label, random);
      boolean swap = random.nextDouble() < swapped;
      int given = swap ? (label + 1 + random.nextInt(labels - 1)) % labels : label;
      rows.add(new Labelled((swap ? "swapped-" : "row-") + i, text, "label-" + given));
    }
    return rows;
  }

  private String text(int label, Random random) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      double drawn = random.nextDouble();
      if (drawn < own) {
        words.add(word(label, random));
      } else if (drawn < own + others) {
        words.add(word(random.nextInt(labels), random));
      } else {
        words.add(spelled(random.nextInt(COMMON)));
      }
    }
    return String.join(" ", words);
  }

  private static String word(int label, Random random) {
    return spelled(COMMON + label * OWN + random.nextInt(OWN));
  }

  /** Numbers as words without common parts. */
  private static String spelled(int number) {
    Random letters = new Random(number);
    return letters
        .ints(6, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
