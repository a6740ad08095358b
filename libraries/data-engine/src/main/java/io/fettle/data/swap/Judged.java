package io.fettle.data.swap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One batch, row by row: which rows read backwards by the rest of the dataset. */
final class Judged {
  private static final int EXAMPLES = 5;

  private final String name;
  private final List<Run> runs = new ArrayList<>();
  private int rows;
  private final List<String> foreign = new ArrayList<>();
  private int rowsByOthers;
  private int backwardsByOthers;
  private long signal;
  private long signalSquares;

  /** A row that reads backwards, the clearer the further below 0. */
  record Clear(int row, String id, double forwards) {}

  /** Up to {@link Swaps#RUN} rows on end. */
  static final class Run {
    private final List<Clear> clearest = new ArrayList<>(1);
    private long backwards;
    private int rows;

    int rows() {
      return rows;
    }

    int backwards() {
      return Long.bitCount(backwards);
    }

    boolean isBackwards(int row) {
      return ((backwards >>> row) & 1) == 1;
    }

    private void add(Clear row) {
      clearest.add(row);
      clearest.sort(Comparator.comparingDouble(Clear::forwards));
      if (clearest.size() > EXAMPLES) {
        clearest.removeLast();
      }
    }
  }

  Judged(String name) {
    this.name = name;
  }

  /**
   * Takes the next row.
   *
   * @param forwards by all rows but its neighbours
   * @param byOthers by the other batches alone; not a number where they were not asked
   */
  void add(String id, int signs, double forwards, double byOthers) {
    if (rows % Swaps.RUN == 0) {
      runs.add(new Run());
    }
    var run = runs.getLast();
    if (forwards < 0) {
      run.backwards |= 1L << run.rows;
      run.add(new Clear(rows, id, forwards));
    }
    run.rows++;
    rowsByOthers += Double.isNaN(byOthers) ? 0 : 1;
    if (byOthers < 0) {
      backwardsByOthers++;
      if (foreign.size() < EXAMPLES) {
        foreign.add(id);
      }
    }
    signal += signs;
    signalSquares += (long) signs * signs;
    rows++;
  }

  String name() {
    return name;
  }

  int rows() {
    return rows;
  }

  List<Run> runs() {
    return runs;
  }

  /** Rows that the others were asked about. */
  int rowsByOthers() {
    return rowsByOthers;
  }

  int backwardsByOthers() {
    return backwardsByOthers;
  }

  /** The two signals' sum, in standard deviations of a sum about 0. */
  double signal() {
    return signalSquares == 0 ? 0 : (double) signal / Math.sqrt((double) signalSquares);
  }

  boolean isBackwards(int row) {
    return runs.get(row / Swaps.RUN).isBackwards(row % Swaps.RUN);
  }

  /** Of rows from first to last, counted from 0. */
  Swaps.Batch part(int first, int last) {
    int backwards = 0;
    for (int row = first; row <= last; row++) {
      backwards += isBackwards(row) ? 1 : 0;
    }
    var examples =
        runs.subList(first / Swaps.RUN, last / Swaps.RUN + 1).stream()
            .flatMap(run -> run.clearest.stream())
            .filter(row -> row.row() >= first && row.row() <= last)
            .sorted(Comparator.comparingDouble(Clear::forwards))
            .limit(EXAMPLES)
            .map(Clear::id)
            .toList();
    return new Swaps.Batch(name, first + 1, last + 1, backwards, examples);
  }

  /** The batch as a whole, as the others see it. */
  Swaps.Batch whole() {
    return new Swaps.Batch(name, 1, rows, backwardsByOthers, foreign);
  }
}
