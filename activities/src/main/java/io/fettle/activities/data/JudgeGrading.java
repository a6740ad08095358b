package io.fettle.activities.data;

import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.data.prepare.Grading;
import io.fettle.data.prepare.Preparation.Progress;
import io.fettle.data.quality.Judge;
import io.fettle.data.quality.Scores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Scores rows by a judge, once for the same rows and judge: a cut of another size, and a prepare
 * that was killed, pay for nothing again. The scores become a file of the dataset.
 */
final class JudgeGrading implements Grading {
  private final ObjectStore store;
  private final StepCache steps;
  private final Asked asked;
  private final Path work;
  private final Path column;

  /**
   * What is asked.
   *
   * @param key of the rows and the judge; what is cut is no part of it
   * @param cutPercent of each source's scored rows, the worst first
   * @param execution where the store keeps what belongs to the execution that asks
   */
  record Asked(StepKey key, Judge judge, int concurrency, double cutPercent, String execution) {}

  /**
   * What it came to; the record of a step.
   *
   * @param scores the column of the rows
   * @param failed rows that the judge could not be asked about
   */
  record Judged(Reference scores, long failed) {}

  /**
   * A grading that has not asked yet.
   *
   * @param work a folder that outlives a kill
   * @param column the file to write
   */
  JudgeGrading(ObjectStore store, StepCache steps, Asked asked, Path work, Path column) {
    this.store = store;
    this.steps = steps;
    this.asked = asked;
    this.work = work;
    this.column = column;
  }

  @Override
  public Grades grade(Scores.Rows rows, Progress progress)
      throws IOException, InterruptedException {
    var judged =
        Graders.once(steps, asked.key(), Judged.class, () -> judged(rows, progress), progress);
    store.download(judged.scores(), column);
    try (var scores = Scores.open(column, asked.judge().column())) {
      return Grades.of(scores, rows, asked.cutPercent() / 100, judged.failed());
    }
  }

  /** The file of a killed predecessor is gone on with: steps of one key run one at a time. */
  private Judged judged(Scores.Rows rows, Progress progress)
      throws IOException, InterruptedException {
    Path file = Files.createDirectories(work).resolve(asked.key().hash() + ".jsonl");
    var of = asked.judge().column();
    Judged judged;
    try (var scores = Scores.open(file, of);
        var shared = new SharedScores(store, of, file)) {
      shared.keepFor(asked.execution());
      shared.fetch(scores, work);
      var scored =
          scores.score(
              rows,
              asked.judge(),
              asked.concurrency(),
              done -> {
                progress.rows("judge", done);
                shared.publish();
              });
      scores.write(rows, column);
      judged = new Judged(store.putBlob(column), scored.failed());
    }
    Files.delete(file);
    return judged;
  }
}
