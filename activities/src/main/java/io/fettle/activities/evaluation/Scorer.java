package io.fettle.activities.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.statistics.Classification;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.wire.Wire;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One arm's answers scored by the criteria's metric; the score is a function of item indices, so it
 * can be resampled.
 */
final class Scorer {
  private final String metric;
  private final List<String> labels;

  Scorer(Criteria criteria, List<String> labelsOfTheData) {
    this.metric = criteria.metric();
    List<String> known = criteria.labels().isEmpty() ? labelsOfTheData : criteria.labels();
    this.labels = known.stream().map(Scorer::label).distinct().sorted().toList();
  }

  /**
   * An arm with every item marked: four marks an item, filled by the scorer and only read after
   * that.
   */
  static final class Scored {
    private final boolean[] right;
    private final boolean[] valid;
    private final int[] truth;
    private final int[] predicted;
    private final boolean macro;

    private Scored(int items, boolean macro) {
      this.right = new boolean[items];
      this.valid = new boolean[items];
      this.truth = new int[items];
      this.predicted = new int[items];
      this.macro = macro;
    }

    boolean macro() {
      return macro;
    }

    boolean right(int item) {
      return right[item];
    }

    /** The metric over these items, with repeats. */
    double score(int[] items) {
      if (macro) {
        return Classification.macroF1(truth, predicted, items);
      }
      int hits = 0;
      for (int item : items) {
        hits += right[item] ? 1 : 0;
      }
      return hits / (double) items.length;
    }

    int items() {
      return right.length;
    }

    int rights() {
      int rights = 0;
      for (boolean one : right) {
        rights += one ? 1 : 0;
      }
      return rights;
    }

    int invalid() {
      int invalid = 0;
      for (boolean one : valid) {
        invalid += one ? 0 : 1;
      }
      return invalid;
    }
  }

  Scored score(List<AnswerLine> answers) {
    int n = answers.size();
    Scored scored = new Scored(n, metric.equals("macro_f1"));
    for (int i = 0; i < n; i++) {
      mark(scored, i, answers.get(i));
    }
    return scored;
  }

  private void mark(Scored scored, int i, AnswerLine line) {
    switch (metric) {
      case "json_exact" -> {
        Optional<JsonNode> answer = json(line.answer());
        scored.valid[i] = answer.isPresent();
        scored.right[i] = answer.isPresent() && answer.equals(json(line.reference()));
      }
      case "accuracy", "macro_f1" -> {
        scored.truth[i] = labels.indexOf(label(line.reference()));
        scored.predicted[i] = labels.indexOf(label(line.answer()));
        scored.valid[i] = scored.predicted[i] >= 0;
        scored.right[i] = scored.valid[i] && scored.predicted[i] == scored.truth[i];
      }
      default -> {
        scored.valid[i] = !line.answer().isBlank();
        scored.right[i] = text(line.answer()).equals(text(line.reference()));
      }
    }
  }

  /**
   * A whole JSON value and nothing after it; numbers are compared as numbers, keys in any order.
   */
  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.ofNullable(
              Wire.mapper()
                  .reader()
                  .with(
                      com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                  .readTree(text.strip()))
          .filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException invalid) {
      return Optional.empty();
    }
  }

  private static String text(String text) {
    return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
  }

  private static String label(String text) {
    return text(text).toLowerCase(Locale.ROOT);
  }

  /** The labels that occur as references, for criteria that name none. */
  static List<String> labels(List<AnswerLine> answers) {
    List<String> found = new ArrayList<>();
    answers.forEach(line -> found.add(line.reference()));
    return found;
  }
}
