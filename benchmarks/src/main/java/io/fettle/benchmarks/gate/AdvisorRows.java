package io.fettle.benchmarks.gate;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.gate.AdvisorPlay.Told;
import io.fettle.workflows.evaluation.Advice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * How many of the advisor's cases get the advice that they should: twelve of a scripted model, and
 * the demo's on a real one. Of several seeds the worst counts.
 */
final class AdvisorRows {
  static final String NAME = "advisor_";
  private static final String RIGHT = NAME + "right";
  private static final String FLIPS = NAME + "flips";
  private static final int CASES = 12;
  private static final int PAIRS = CASES / 2;
  private static final long SEEDS_A_SEED = 1_000;

  private AdvisorRows() {}

  /**
   * Plays the cases.
   *
   * @return {@code advisor_right}, skipped where all scripted cases are right and the real one
   *     cannot run, and {@code advisor_flips}, the pairs of which both are; the controls advise
   *     from zero-shot and few-shot alone, without probes and passages
   */
  static List<Row> measure(Effort effort) throws IOException, InterruptedException, EngineFailure {
    List<Draw> draws = new ArrayList<>();
    for (int draw = 0; draw < draws(effort); draw++) {
      draws.add(played(effort.seed() * SEEDS_A_SEED + draw));
    }
    List<Row> rows = new ArrayList<>();
    if (effort.wants(RIGHT)) {
      rows.add(right(draws, RealAdvice.advise(effort)));
    }
    if (effort.wants(FLIPS)) {
      rows.add(flips(draws));
    }
    return rows;
  }

  private static int draws(Effort effort) {
    return switch (effort.level()) {
      case QUICK -> 1;
      case USUAL -> 3;
      case FULL -> 10;
    };
  }

  private static Draw played(long seed) throws IOException, InterruptedException, EngineFailure {
    Path folder = Files.createTempDirectory("fettle-bench-advisor-");
    try {
      List<Played> played = new ArrayList<>();
      for (AdvisorCase each : AdvisorCases.of(seed)) {
        Told told = AdvisorPlay.of(each, folder.resolve("case-" + played.size()));
        played.add(new Played(each.name(), each.expected(), told));
      }
      return new Draw(seed, played);
    } finally {
      Folders.delete(folder);
    }
  }

  /** One case and what was said of it. */
  record Played(String name, Advice expected, Told told) {
    boolean right() {
      return told.advice() == expected;
    }

    boolean rightByArmsAlone() {
      return told.fromArmsAlone() == expected;
    }
  }

  /** The cases of one seed, in pairs. */
  record Draw(long seed, List<Played> cases) {
    Draw {
      cases = List.copyOf(cases);
    }

    int right() {
      return (int) cases.stream().filter(Played::right).count();
    }

    int rightByArmsAlone() {
      return (int) cases.stream().filter(Played::rightByArmsAlone).count();
    }

    int flips() {
      return pairs(Played::right);
    }

    int flipsByArmsAlone() {
      return pairs(Played::rightByArmsAlone);
    }

    private int pairs(Predicate<Played> right) {
      return (int)
          IntStream.range(0, cases.size() / 2)
              .filter(
                  pair -> right.test(cases.get(2 * pair)) && right.test(cases.get(2 * pair + 1)))
              .count();
    }

    List<String> wrong() {
      return cases.stream()
          .filter(each -> !each.right())
          .map(
              each ->
                  "%s: %s, not %s, of seed %d"
                      .formatted(each.name(), each.told().advice(), each.expected(), seed))
          .toList();
    }
  }

  static Row right(List<Draw> draws, RealAdvice.Told real) {
    int scripted = draws.stream().mapToInt(Draw::right).min().orElseThrow();
    int control = draws.stream().mapToInt(Draw::rightByArmsAlone).max().orElseThrow();
    String cases =
        "scripted: %d of %d, the worst of %s%s"
            .formatted(scripted, CASES, seeds(draws), wrong(draws));
    if (real.right().isEmpty() && scripted == CASES) {
      return Row.skipped(RIGHT, cases + "; the real case: " + real.note());
    }
    int one = real.right().filter(right -> right).isPresent() ? 1 : 0;
    return Row.measured(RIGHT, scripted + one, "", draws.size())
        .atLeast(CASES + 1)
        .control(control + one)
        .note(cases + "; the real case: " + real.note())
        .shownByControl();
  }

  static Row flips(List<Draw> draws) {
    Draw worst = draws.stream().min(Comparator.comparingInt(Draw::flips)).orElseThrow();
    int control = draws.stream().mapToInt(Draw::flipsByArmsAlone).max().orElseThrow();
    return Row.measured(FLIPS, worst.flips(), "", draws.size())
        .atLeast(PAIRS)
        .control(control)
        .note(
            "pairs of %d, the worst of %s; control: without probes and passages%s"
                .formatted(PAIRS, seeds(draws), wrong(draws)))
        .shownByControl();
  }

  private static String seeds(List<Draw> draws) {
    return draws.size() == 1 ? "one draw" : draws.size() + " draws";
  }

  private static String wrong(List<Draw> draws) {
    List<String> wrong = draws.stream().flatMap(draw -> draw.wrong().stream()).toList();
    return wrong.isEmpty() ? "" : "; " + wrong;
  }
}
