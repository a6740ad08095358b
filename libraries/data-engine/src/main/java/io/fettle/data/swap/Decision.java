package io.fettle.data.swap;

import io.fettle.data.swap.Swaps.Finding;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rows on end read backwards beyond what errors explain. Within a batch, by the likelihood
 * ratio of "turned" against "sound", summed from the row where that is greatest (Page's CUSUM): by
 * chance it exceeds ln(n / p) somewhere among n rows with a probability below p. A batch as a whole
 * by the binomial tail.
 */
record Decision(List<Judged> batches, int rows, int folds) {
  /** Of a false stop, over all rows of a dataset. */
  private static final double FALSE_STOP = 1e-5;

  /** Of a batch that is turned and passes for sound: beyond that nothing is claimed. */
  private static final double MISS = 1e-3;

  private static final int LEAST_ROWS = 10;
  private static final int LEAST_FOLDS = 3;

  /** Rows that read backwards more than forwards: odd ones come in company. */
  private static final int LEAST_SURPLUS = 6;

  /** Errors are rarely independent, so a lower rate is not believed. */
  private static final double LEAST_ERRORS = 0.005;

  /** A batch of another kind reads either way; a turned one reads backwards. */
  private static final double CLEAR = 0.8;

  /** Above it, batches are too unlike to judge each other. */
  private static final double FOREIGN = 0.3;

  /** In standard deviations. */
  private static final double CLEAR_SIGNAL = 6;

  Finding made() {
    if (folds < LEAST_FOLDS) {
      return new Finding.CannotTell(
          "%d rows are too few to learn what prompts and answers look like".formatted(rows));
    }
    double errors = errorRate();
    if (errors > FOREIGN) {
      return new Finding.CannotTell(
          "prompts and answers look alike: %.0f %% of the rows read better the other way round"
              .formatted(100 * errors));
    }
    int surplus = surplus(errors);
    var backwards = new ArrayList<Swaps.Batch>();
    double foreign = errorRateByOthers();
    for (var batch : batches) {
      if (isWhollyBackwards(batch, foreign)) {
        backwards.add(batch.whole());
      } else {
        addParts(batch, surplus, backwards);
      }
    }
    return backwards.isEmpty() ? sound(errors, surplus) : new Finding.Backwards(errors, backwards);
  }

  private static Finding sound(double errors, int surplus) {
    int least = LEAST_ROWS;
    while (least <= Swaps.RUN
        && Tails.atMost((least + surplus - 1) / 2, least, 1 - errors) > MISS) {
      least++;
    }
    return least <= Swaps.RUN
        ? new Finding.Sound(errors, least)
        : new Finding.CannotTell(
            "of prompts and answers %.0f %% look like the other: a batch of %d rows that is turned would not stand out"
                .formatted(100 * errors, Swaps.RUN));
  }

  /** Of all rows but those of runs that read backwards as a whole. */
  private double errorRate() {
    long wrong = 0;
    long seen = 0;
    long all = 0;
    for (var batch : batches) {
      for (var run : batch.runs()) {
        all += run.rows();
        if (2 * run.backwards() <= run.rows()) {
          wrong += run.backwards();
          seen += run.rows();
        }
      }
    }
    double rate = (wrong + 0.5) / (seen + 1.0);
    return 2 * seen < all ? 0.5 : Math.max(LEAST_ERRORS, rate);
  }

  private int surplus(double errors) {
    double aRow = Math.log((1 - errors) / errors);
    return Math.max(LEAST_SURPLUS, (int) Math.ceil(Math.log(rows / FALSE_STOP) / aRow));
  }

  /** Of batches the lower median, so that those that are turned do not hide themselves. */
  private double errorRateByOthers() {
    var rates =
        batches.stream()
            .filter(batch -> batch.rows() >= LEAST_ROWS)
            .mapToDouble(batch -> (batch.backwardsByOthers() + 0.5) / (batch.rowsByOthers() + 1.0))
            .sorted()
            .toArray();
    return rates.length < 2 ? 0.5 : Math.max(LEAST_ERRORS, rates[(rates.length - 1) / 2]);
  }

  private boolean isWhollyBackwards(Judged batch, double foreign) {
    if (batch.rows() < LEAST_ROWS || batch.backwardsByOthers() < CLEAR * batch.rowsByOthers()) {
      return false;
    }
    if (foreign > FOREIGN) {
      return batch.signal() < -CLEAR_SIGNAL;
    }
    return batch.backwardsByOthers()
        >= Tails.needed(batch.rowsByOthers(), foreign, FALSE_STOP / batches.size());
  }

  private static void addParts(Judged batch, int surplus, List<Swaps.Batch> found) {
    int sum = 0;
    int best = 0;
    int first = 0;
    int last = 0;
    for (int row = 0; row <= batch.rows(); row++) {
      boolean ends = row == batch.rows() || (best >= surplus && sum < best - surplus);
      if (ends && best >= surplus) {
        found.add(batch.part(first, last));
        best = 0;
        sum = 0;
      }
      if (row == batch.rows()) {
        return;
      }
      sum += batch.isBackwards(row) ? 1 : -1;
      if (sum <= 0) {
        sum = 0;
        best = 0;
        first = row + 1;
      } else if (sum > best) {
        best = sum;
        last = row;
      }
    }
  }
}
