package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.statistics.Classification;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One label of a closed list. Case and margins do not count; an answer that is no label is invalid,
 * counts as wrong, and against no label's precision.
 */
final class LabelScorer implements Scorer {
  private static final String NONE = "(invalid)";

  private final List<String> given;
  private final boolean macro;

  /**
   * A scorer.
   *
   * @param labels the list; empty: those that occur as references
   */
  LabelScorer(List<String> labels, boolean macro) {
    this.given = labels;
    this.macro = macro;
  }

  @Override
  public Marks mark(List<Answer> arm) {
    List<String> labels =
        (given.isEmpty() ? arm.stream().map(Answer::reference).toList() : given)
            .stream().map(LabelScorer::label).distinct().sorted().toList();
    Map<String, Integer> numbers = new HashMap<>();
    labels.forEach(label -> numbers.put(label, numbers.size()));
    Sheet sheet = new Sheet(arm.size());
    int[] truth = new int[arm.size()];
    int[] predicted = new int[arm.size()];
    for (int i = 0; i < arm.size(); i++) {
      truth[i] = numbers.getOrDefault(label(arm.get(i).reference()), -1);
      predicted[i] = numbers.getOrDefault(label(arm.get(i).answer()), -1);
      if (predicted[i] < 0) {
        sheet.invalid(i, "no label of the list");
      } else {
        sheet.mark(i, predicted[i] == truth[i]);
      }
      sheet.count("confusion/%s/%s".formatted(name(labels, truth[i]), name(labels, predicted[i])));
    }
    describe(sheet, labels, truth, predicted);
    return macro
        ? sheet.resampled(items -> Classification.macroF1(truth, predicted, items))
        : sheet.rightOrWrong();
  }

  /** Of every label that occurs; 0 over 0 is left out. */
  private static void describe(Sheet sheet, List<String> labels, int[] truth, int[] predicted) {
    int[] were = new int[labels.size()];
    int[] claimed = new int[labels.size()];
    int[] both = new int[labels.size()];
    for (int i = 0; i < truth.length; i++) {
      if (truth[i] >= 0) were[truth[i]]++;
      if (predicted[i] >= 0) claimed[predicted[i]]++;
      if (predicted[i] >= 0 && predicted[i] == truth[i]) both[truth[i]]++;
    }
    for (int label = 0; label < were.length; label++) {
      if (were[label] > 0) {
        sheet.extra("recall/" + labels.get(label), both[label] / (double) were[label]);
      }
      if (claimed[label] > 0) {
        sheet.extra("precision/" + labels.get(label), both[label] / (double) claimed[label]);
      }
    }
  }

  private static String name(List<String> labels, int number) {
    return number < 0 ? NONE : labels.get(number);
  }

  private static String label(String text) {
    return TextScorer.text(text).toLowerCase(Locale.ROOT);
  }
}
