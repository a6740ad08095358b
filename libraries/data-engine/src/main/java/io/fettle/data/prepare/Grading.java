package io.fettle.data.prepare;

import io.fettle.data.quality.LossFlags.Loss;
import io.fettle.data.quality.Scores;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says how good rows are, by asking others. It sees what the model can take, so that nobody is paid
 * for a row that is too long; and it sees near-duplicates, so that none of them falls to a row that
 * is dropped afterwards.
 */
@FunctionalInterface
public interface Grading {
  /**
   * Looks at rows, and may object to some.
   *
   * @param rows of the pool, in order; may be gone over more than once
   */
  Grades grade(Scores.Rows rows, Preparation.Progress progress)
      throws IOException, InterruptedException;

  /**
   * What it found.
   *
   * @param objection why a row should be dropped; empty where it may stay
   */
  record Grades(Function<Row, Optional<Reason>> objection, QualityReport report) {
    /**
     * By the scores of a judge.
     *
     * @param most the share of each source's scored rows that may go, the worst first
     * @param failed rows that the judge could not be asked about
     */
    public static Grades of(Scores scores, Scores.Rows rows, double most, long failed)
        throws IOException, InterruptedException {
      var cut = scores.cut(rows, most);
      return new Grades(
          cut::objection,
          new QualityReport(Optional.of(QualityReport.Judged.of(cut, failed)), Optional.empty()));
    }

    /** By a base model's losses, which drop nothing. */
    public static Grades of(List<Loss> losses) {
      return new Grades(
          _ -> Optional.empty(),
          new QualityReport(Optional.empty(), Optional.of(QualityReport.Flagged.of(losses))));
    }
  }
}
