package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.judging.JudgingOptions;
import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Arms of a few answers, and criteria that ask for one metric. */
final class Arms {
  private Arms() {}

  /** Answers and references by turns. */
  static List<Answer> of(String... answersAndReferences) {
    List<Answer> arm = new ArrayList<>();
    for (int i = 0; i < answersAndReferences.length; i += 2) {
      arm.add(
          new Answer("item " + i / 2, "", answersAndReferences[i + 1], answersAndReferences[i]));
    }
    return arm;
  }

  static Criteria criteria(String metric, List<String> labels, @Nullable Scoring scoring) {
    return new Criteria(
        1,
        "generation",
        metric,
        labels,
        "",
        16,
        4,
        List.of(2),
        0.1,
        0.1,
        0.05,
        2_000,
        42,
        scoring,
        null,
        Optional.empty());
  }

  static Marks marks(String metric, String... answersAndReferences)
      throws IOException, InterruptedException {
    return marks(criteria(metric, List.of(), null), of(answersAndReferences));
  }

  static Marks marks(Criteria criteria, List<Answer> arm) throws IOException, InterruptedException {
    return Scorers.mark(criteria, arm, ScoringOptions.in(Path.of("nowhere")));
  }

  /** With a store in the folder, and no secrets. */
  static ScoringOptions options(Path folder) throws IOException {
    return options(folder, _ -> Optional.empty());
  }

  static ScoringOptions options(Path folder, Function<String, Optional<String>> secrets)
      throws IOException {
    ObjectStore store = Stores.open(folder.resolve("store").toUri());
    return ScoringOptions.in(
        folder,
        new JudgingOptions(
            store, Optional.empty(), secrets, 2, Duration.ofMillis(1), Duration.ofSeconds(10)));
  }

  static Marks marks(Criteria criteria, List<Answer> arm, ScoringOptions options)
      throws IOException, InterruptedException {
    return Scorers.mark(criteria, arm, options);
  }

  /** Throws where this machine can make no sandbox with Python in it. */
  static void sandboxed(Path folder) throws IOException, InterruptedException {
    Sandbox.in(folder)
        .check(
            new Sandbox.Job(List.of("python3"), Map.of(), "", List.of()),
            new Sandbox.Limits(Duration.ofSeconds(5), 256, 32, 16, 64));
  }

  static Scoring scoring(Scoring.Rubric rubric) {
    return Scoring.NONE.with(rubric);
  }
}
