package io.fettle.activities.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.MappingIterator;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.data.prepare.Grading;
import io.fettle.data.prepare.Preparation.Progress;
import io.fettle.data.quality.LossFlags.Loss;
import io.fettle.data.quality.Scores;
import io.fettle.data.row.RowJson;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Flags rows by what {@code fettle_trainer score} says of them with the base model, once for the
 * same rows and model. The losses become a file of the dataset.
 */
final class LossGrading implements Grading {
  private static final String VERB = "score";

  private final ObjectStore store;
  private final StepCache steps;
  private final Environments environments;
  private final Asked asked;
  private final Path work;
  private final Path column;

  /** The program's configuration but for its files, and the key of the rows and the model. */
  record Asked(StepKey key, Path model, @Nullable String template, int maxLength) {}

  /** The record of a step. */
  record Measured(Reference losses) {}

  private record Config(
      String model,
      String rows,
      String out,
      @JsonProperty("max_length") int maxLength,
      @JsonProperty("chat_template") @Nullable String chatTemplate) {}

  /** What the program says of a row that it can score, or of one that it cannot. */
  private record Line(
      @JsonProperty("loss_with") @Nullable Double with,
      @JsonProperty("loss_without") @Nullable Double without) {}

  /**
   * A grading that has not asked yet.
   *
   * @param work a folder of its own
   * @param column the file to write
   */
  LossGrading(
      ObjectStore store,
      StepCache steps,
      Environments environments,
      Asked asked,
      Path work,
      Path column) {
    this.store = store;
    this.steps = steps;
    this.environments = environments;
    this.asked = asked;
    this.work = work;
    this.column = column;
  }

  @Override
  public Grades grade(Scores.Rows rows, Progress progress)
      throws IOException, InterruptedException {
    var measured =
        Graders.once(steps, asked.key(), Measured.class, () -> measured(rows, progress), progress);
    store.download(measured.losses(), column);
    List<Loss> losses = new ArrayList<>();
    try (MappingIterator<Line> lines =
        Wire.mapper().readerFor(Line.class).readValues(column.toFile())) {
      rows.forEach(
          row -> {
            var line = lines.nextValue();
            if (line.with() != null && line.without() != null) {
              losses.add(
                  new Loss(row.id(), row.source(), row.response(), line.with(), line.without()));
            }
          });
    }
    return Grades.of(losses);
  }

  private Measured measured(Scores.Rows rows, Progress progress)
      throws IOException, InterruptedException {
    Path file = work.resolve("rows.jsonl");
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      rows.forEach(row -> out.write(RowJson.line(row)));
    }
    var config =
        new Config(
            asked.model().toString(),
            file.toString(),
            column.toString(),
            asked.maxLength(),
            asked.template());
    environments.run(
        new Environments.Call(
            Renderer.ENVIRONMENT, Renderer.PROGRAM, VERB, config, work.resolve(VERB)),
        (_, _, done, _, _) -> progress.rows("loss", done));
    return new Measured(store.putBlob(column));
  }
}
