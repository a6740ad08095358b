package io.fettle.benchmarks.gate;

import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.evaluation.scoring.ScoringOptions;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;

/** How long scoring takes without the model: 10,000 items by five arms, to marks and metrics. */
public final class ScoringRows {
  public static final String NAME = "scoring_";

  private static final int ITEMS = 10_000;
  private static final int ARMS = 5;
  private static final int TRIALS = 3;
  private static final double BAR_SECONDS = 5;
  private static final int LABELS = 77;
  private static final int WORDS = 40;
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["id", "who", "total", "lines"], "additionalProperties": false,
       "properties": {"id": {"type": "integer"}, "who": {"type": "string", "minLength": 1},
         "total": {"type": "number", "minimum": 0},
         "lines": {"type": "array", "items": {"type": "object", "required": ["what"],
           "properties": {"what": {"type": "string"}, "count": {"type": "integer"}}}}}}
      """;

  private ScoringRows() {}

  /** One kind of task. */
  private record Task(String name, String metric, Scoring scoring, Draw draw) {}

  /** An answer's or a reference's text. */
  private interface Draw {
    String text(int item, Random noise);
  }

  /**
   * Times macro-F1 of 77 labels, fields of JSON under a schema, and text with its diagnostics;
   * nothing where little is asked, for all of it is timed.
   */
  public static List<Row> measure(Effort effort) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    if (effort.isQuick()) {
      return rows;
    }
    for (Task task :
        List.of(
            new Task("macro_f1", "macro_f1", Scoring.NONE, ScoringRows::label),
            new Task("json", "field_f1", Scoring.NONE.withJsonSchema(SCHEMA), ScoringRows::object),
            new Task("text", "exact_match", Scoring.NONE, ScoringRows::words))) {
      String name = NAME + task.name() + "_s";
      if (effort.wants(name)) {
        rows.add(row(name, task));
      }
    }
    return rows;
  }

  private static Row row(String name, Task task) throws IOException, InterruptedException {
    List<List<Answer>> arms = new ArrayList<>();
    for (int arm = 0; arm < ARMS; arm++) {
      arms.add(arm(task.draw(), arm));
    }
    Criteria criteria =
        new Criteria(
            1,
            "task",
            task.metric(),
            List.of(),
            "",
            16,
            1,
            List.of(),
            0,
            0,
            0.05,
            1_000,
            1,
            task.scoring(),
            null,
            Optional.empty());
    double[] seconds = new double[TRIALS];
    double score = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      long start = System.nanoTime();
      for (List<Answer> arm : arms) {
        Marks marks = Scorers.mark(criteria, arm, ScoringOptions.in(Path.of("nowhere")));
        score = marks.score();
      }
      seconds[trial] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return Row.measured(name, seconds[TRIALS / 2], "s", TRIALS)
        .atMost(BAR_SECONDS)
        .note("%,d items, %d arms, one thread; last score %.3f".formatted(ITEMS, ARMS, score));
  }

  private static List<Answer> arm(Draw draw, int arm) {
    Random noise = new Random(arm);
    List<Answer> answers = new ArrayList<>();
    for (int item = 0; item < ITEMS; item++) {
      String reference = draw.text(item, new Random(item));
      boolean differs = noise.nextInt(4) > 0;
      String answer =
          differs ? draw.text(noise.nextInt(ITEMS), new Random(noise.nextInt())) : reference;
      answers.add(new Answer("item " + item, "", reference, answer));
    }
    return answers;
  }

  private static String label(int item, Random noise) {
    return "label " + (item + noise.nextInt(3)) % LABELS;
  }

  private static String object(int item, Random noise) {
    return """
    {"id": %d, "who": "%s", "total": %d.5,
     "lines": [{"what": "a", "count": %d}, {"what": "b", "count": %d}, {"what": "c"}]}"""
        .formatted(item, word(noise), noise.nextInt(1_000), noise.nextInt(9), noise.nextInt(9));
  }

  private static String words(int item, Random noise) {
    StringJoiner text = new StringJoiner(" ", "", " " + item + ".");
    for (int i = 0; i < WORDS; i++) {
      text.add(word(noise));
    }
    return text.toString();
  }

  private static String word(Random noise) {
    int number = noise.nextInt(2_000);
    StringBuilder word = new StringBuilder();
    for (int rest = number + 30; rest > 0; rest /= 20) {
      word.append((char) ('a' + rest % 20)).append("aeiou".charAt(rest % 5));
    }
    return word.toString();
  }
}
