package io.fettle.benchmarks.data;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.data.swap.Swaps;
import io.fettle.data.swap.Swaps.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * Whether turned batches are found and sound datasets let through: 1,000 rows a draw, of five
 * shapes in turn. Half of the draws name batches of 10 to 50 rows; the others are one file, in
 * which 10 to 50 rows on end are turned anywhere.
 */
public final class SwapRows {
  private static final int ROWS = 1_000;
  private static final int LEAST = 10;
  private static final int MOST = 50;
  private static final List<String> SHAPES =
      List.of("instruction", "question", "ticket", "label", "translation");

  private SwapRows() {}

  /**
   * Draws 1,000 datasets sound and turned (25 of each where little is asked) and judges them.
   *
   * @return {@code swaps_missed}, {@code swap_false_stops}, and as {@code swap_mb_s} the rate on
   *     one thread, which only informs; draws of which nothing can be told are counted in the notes
   * @throws IOException never of itself
   */
  public static List<Row> measure(Effort effort) throws IOException {
    int draws = effort.isQuick() ? 25 : 1_000;
    var grammar = Grammar.shapes();
    var turned = new Outcomes();
    var sound = new Outcomes();
    for (int draw = 0; draw < draws; draw++) {
      var shape = SHAPES.get(draw % SHAPES.size());
      var rows = new Draw(grammar, shape, draw);
      sound.count(shape, found(rows.rows()), rows);
      turned.count(shape, found(rows.turned()), rows);
    }
    var missed =
        Row.measured("swaps_missed", turned.missed, "", draws).atMost(0).note(turned.note());
    var stops =
        Row.measured("swap_false_stops", sound.stopped, "", draws).atMost(0).note(sound.note());
    return effort.isQuick() ? List.of(missed, stops) : List.of(missed, stops, rate(grammar));
  }

  private static Row rate(Grammar grammar) throws IOException {
    var rows = new ArrayList<Drawn>();
    for (int draw = 0; draw < 10; draw++) {
      rows.addAll(new Draw(grammar, SHAPES.get(draw % SHAPES.size()), draw).rows());
    }
    var all = Collections.nCopies(10, rows).stream().flatMap(List::stream).toList();
    long bytes =
        all.stream().mapToLong(row -> (long) row.prompt().length() + row.answer().length()).sum();
    found(all);
    long start = System.nanoTime();
    found(all);
    double seconds = (System.nanoTime() - start) / 1e9;
    return Row.measured("swap_mb_s", bytes / 1e6 / seconds, "MB/s", 1)
        .note("%d rows, one thread, characters of prompts and answers".formatted(all.size()));
  }

  private static Finding found(List<Drawn> rows) throws IOException {
    return Swaps.find(
        reader -> {
          for (var row : rows) {
            reader.row(row.batch(), row.id(), row.prompt(), row.answer());
          }
        });
  }

  private record Drawn(String batch, String id, String prompt, String answer) {
    @SuppressWarnings("ArgumentSelectionDefectChecker") // that is the point
    Drawn turn() {
      return new Drawn(batch, id, answer, prompt);
    }
  }

  /** One dataset, and which of its rows are turned in the other one. */
  private static final class Draw {
    private final List<Drawn> rows = new ArrayList<>();
    private final int first;
    private final int size;

    Draw(Grammar grammar, String shape, int seed) {
      var random = new Random(seed);
      boolean named = random.nextBoolean();
      size = random.nextInt(LEAST, MOST + 1);
      first = named ? random.nextInt(ROWS / size) * size : random.nextInt(ROWS - size + 1);
      for (int i = 0; i < ROWS; i++) {
        var drawn = grammar.draw(shape, random);
        var batch = named ? "batch-" + i / size : "rows.csv";
        rows.add(new Drawn(batch, "rows.csv:" + i, drawn.prompt(), drawn.answer()));
      }
    }

    List<Drawn> rows() {
      return rows;
    }

    List<Drawn> turned() {
      var turned = new ArrayList<>(rows);
      turned.subList(first, first + size).replaceAll(Drawn::turn);
      return turned;
    }

    /** Whether one part is named, and overlaps what is turned, mostly. */
    boolean isFound(Finding.Backwards finding) {
      if (finding.batches().size() != 1) {
        return false;
      }
      var batch = finding.batches().getFirst();
      int from = batch.name().startsWith("batch-") ? first : batch.first() - 1;
      int to = batch.name().startsWith("batch-") ? first + size : batch.last();
      boolean named =
          batch.name().equals("rows.csv") || batch.name().equals("batch-" + first / size);
      int common = Math.min(to, first + size) - Math.max(from, first);
      return named && 2 * common > size && 2 * common > to - from;
    }
  }

  private static final class Outcomes {
    private int missed;
    private int stopped;
    private final StringJoiner wrong = new StringJoiner(", ");
    private final int[] untold = new int[SHAPES.size()];

    void count(String shape, Finding finding, Draw draw) {
      switch (finding) {
        case Finding.CannotTell _ -> untold[SHAPES.indexOf(shape)]++;
        case Finding.Sound sound when sound.leastRows() > draw.size ->
            untold[SHAPES.indexOf(shape)]++;
        case Finding.Sound _ -> {
          missed++;
          wrong.add(shape + " " + draw.first + "+" + draw.size);
        }
        case Finding.Backwards backwards -> {
          stopped++;
          if (!draw.isFound(backwards)) {
            missed++;
            wrong.add(shape + " elsewhere");
          }
        }
      }
    }

    String note() {
      var told = new StringJoiner(", ", "cannot tell: ", "");
      for (int i = 0; i < untold.length; i++) {
        told.add(SHAPES.get(i) + " " + untold[i]);
      }
      return told.toString();
    }
  }
}
