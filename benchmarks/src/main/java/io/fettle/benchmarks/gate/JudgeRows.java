package io.fettle.benchmarks.gate;

import io.fettle.activities.evaluation.judging.JudgingOptions;
import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.evaluation.scoring.ScoringOptions;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.statistics.Interval;
import io.fettle.statistics.JudgeCorrection;
import io.fettle.statistics.JudgeCorrection.Calibration;
import io.fettle.statistics.Proportions;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A judge of known error rates, corrected by answers that people have marked: it accepts 90 % of
 * the good answers and 45 % of the bad ones, and 30 % are good.
 */
public final class JudgeRows {
  public static final String NAME = "judge_correction_";

  private static final double GOOD = 0.3;
  private static final double TRUE_POSITIVE_RATE = 0.9;
  private static final double FALSE_POSITIVE_RATE = 0.45;
  private static final int ITEMS = 400;
  private static final int LABELS = 150;
  private static final int DRAWS = 1_000;
  private static final double CONFIDENCE = 0.95;
  private static final double BAR_MISSES = 0.07;
  private static final long SEED = 11;

  private JudgeRows() {}

  /**
   * Corrects once through a real judge over HTTP, and 1,000 times in numbers alone.
   *
   * @return {@code judge_correction_error}, the distance of the corrected score from the truth,
   *     whose bar is its interval's end on that side, and {@code judge_correction_misses}, the
   *     share of intervals without the truth; the controls believe the judge
   */
  public static List<Row> measure(Effort effort) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    if (effort.wants(NAME + "error")) {
      rows.add(error());
    }
    if (effort.wants(NAME + "misses")) {
      rows.add(misses());
    }
    return rows;
  }

  private static Row error() throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("fettle-judge-rows-");
    try (ErringJudge server = new ErringJudge(TRUE_POSITIVE_RATE, FALSE_POSITIVE_RATE)) {
      ObjectStore store = Stores.open(work.toUri());
      Marks marks =
          Scorers.mark(
              criteria(server.url()),
              arm(),
              ScoringOptions.in(work, new JudgingOptions(store, _ -> Optional.empty())));
      double corrected = marks.extras().getOrDefault("corrected", Double.NaN);
      double end =
          marks.extras().getOrDefault(corrected > GOOD ? "corrected_low" : "corrected_high", 0.0);
      return Row.measured(NAME + "error", Math.abs(corrected - GOOD), "", 1)
          .control(Math.abs(marks.score() - GOOD))
          .atMost(Math.abs(end - corrected))
          .shownByControl()
          .note(
              "%d answers, %d of them good, judge alone %.3f, corrected %.3f by %d marks of people"
                  .formatted(ITEMS, Math.round(GOOD * ITEMS), marks.score(), corrected, LABELS));
    } finally {
      delete(work);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private static List<Answer> arm() {
    List<Answer> arm = new ArrayList<>();
    for (int item = 0; item < ITEMS; item++) {
      String answer = (item < GOOD * ITEMS ? "good" : "bad") + " answer " + item;
      arm.add(new Answer("item " + item, "Which?", "", answer));
    }
    return arm;
  }

  private static Criteria criteria(String url) {
    List<Scoring.Label> labels = new ArrayList<>();
    for (int label = 0; label < LABELS; label++) {
      boolean good = label % 2 == 0;
      labels.add(
          new Scoring.Label("Which?", "", (good ? "good" : "bad") + " example " + label, good));
    }
    Scoring.Judge judge = new Scoring.Judge(url, "erring", null, 8, 1, 0, 8);
    Scoring.Rubric rubric = new Scoring.Rubric(judge, "Judge it.", List.of("Is it good?"), labels);
    return new Criteria(
        1,
        "generation",
        "rubric",
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
        Scoring.NONE.with(rubric),
        null,
        Optional.empty());
  }

  private static Row misses() {
    SplittableRandom random = new SplittableRandom(SEED);
    int corrected = 0;
    int believed = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      int accepted = 0;
      for (int item = 0; item < ITEMS; item++) {
        boolean good = random.nextDouble() < GOOD;
        accepted += accepts(good, random) ? 1 : 0;
      }
      int good = LABELS / 2;
      Calibration sample =
          new Calibration(good, accepted(true, good, random), good, accepted(false, good, random));
      corrected += holds(JudgeCorrection.roganGladen(accepted, ITEMS, sample, CONFIDENCE)) ? 0 : 1;
      believed += holds(Proportions.wilson(accepted, ITEMS, CONFIDENCE)) ? 0 : 1;
    }
    return Row.measured(NAME + "misses", corrected / (double) DRAWS, "", DRAWS)
        .control(believed / (double) DRAWS)
        .atMost(BAR_MISSES)
        .shownByControl()
        .note("95 %% intervals of %d answers and %d marks of people".formatted(ITEMS, LABELS));
  }

  private static int accepted(boolean good, int of, SplittableRandom random) {
    int accepted = 0;
    for (int i = 0; i < of; i++) {
      accepted += accepts(good, random) ? 1 : 0;
    }
    return accepted;
  }

  private static boolean accepts(boolean good, SplittableRandom random) {
    return random.nextDouble() < (good ? TRUE_POSITIVE_RATE : FALSE_POSITIVE_RATE);
  }

  private static boolean holds(Interval interval) {
    return interval.low() <= GOOD && GOOD <= interval.high();
  }
}
