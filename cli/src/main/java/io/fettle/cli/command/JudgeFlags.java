package io.fettle.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.data.judge.JudgeOptions;
import io.fettle.activities.data.judge.OpenAiJudge;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.data.prepare.Grading;
import io.fettle.data.prepare.Preparation.Progress;
import io.fettle.data.prepare.QualityReport;
import io.fettle.data.quality.Scores;
import io.fettle.workflows.spec.Secret;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A judge of the rows that are prepared without a run. */
final class JudgeFlags {
  private static final int CONCURRENCY = 8;
  private static final double HUNDRED = 100;

  @Option(
      names = "--judge",
      paramLabel = "URL",
      description = "Score rows by a model over the OpenAI API there, as http://host/v1.")
  private @Nullable URI url;

  @Option(
      names = "--judge-model",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The model's name at that server.")
  private String model;

  @Option(
      names = "--judge-key",
      paramLabel = "VARIABLE",
      description = "The environment variable that holds its key.")
  private @Nullable String key;

  @Option(
      names = "--cut",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Drop so much of each source, the worst first (usual: 10 to 20).")
  private double cut;

  @Option(
      names = "--scores",
      paramLabel = "FILE",
      description = "Where scores are; what is there is not asked (default: DIR/scores.jsonl).")
  private @Nullable Path file;

  /** Asks while the rows are prepared; empty where no judge is named. */
  Optional<Grading> grading(Path out) {
    if (url == null && model.isEmpty() && cut == 0) {
      return Optional.empty();
    }
    if (url == null || !url.toString().matches("https?://[^?#@]+") || model.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID, "a judge needs --judge http://host/v1 and --judge-model NAME");
    }
    if (!(cut >= 0 && cut < HUNDRED)) {
      throw new CommandFailure(
          ExitCode.INVALID, "--cut is %s; percent are expected, 10 to 20 is usual".formatted(cut));
    }
    var options = options(url);
    Path scores = file == null ? out.resolve("scores.jsonl") : file;
    return Optional.of((rows, progress) -> graded(options, scores, rows, progress));
  }

  private JudgeOptions options(URI server) {
    var address = URI.create(server.toString().replaceAll("/+$", ""));
    return JudgeOptions.of(
        address, model, Optional.ofNullable(key).map(Secret::new), Optional.empty());
  }

  private Grading.Grades graded(
      JudgeOptions options, Path scoresFile, Scores.Rows rows, Progress progress)
      throws IOException, InterruptedException {
    try (var judge = OpenAiJudge.open(options, name -> Optional.ofNullable(System.getenv(name)));
        var scores = Scores.open(scoresFile, judge.column())) {
      var scored = scores.score(rows, judge, CONCURRENCY, done -> progress.rows("judge", done));
      return Grading.Grades.of(scores, rows, cut / HUNDRED, scored.failed());
    }
  }

  /** What decides which rows come out. */
  void tell(ObjectNode config) {
    if (url != null) {
      var column = options(url).column();
      config.put("cut_percent", cut);
      config.put("judge", column.model());
      config.put("judge_prompt", column.prompt());
    }
  }

  /** A line a source: how many rows have which score. */
  static void say(QualityReport quality, Output output) {
    quality
        .judged()
        .ifPresent(
            judged -> judged.sources().forEach(source -> output.say(line(judged.model(), source))));
  }

  private static String line(String model, QualityReport.Source source) {
    return "scores of %s by %s: %s%s"
        .formatted(
            source.source(),
            model,
            source.levels().stream()
                .map(
                    level ->
                        "%,d rows %s%s"
                            .formatted(
                                level.rows(),
                                BigDecimal.valueOf(level.score())
                                    .stripTrailingZeros()
                                    .toPlainString(),
                                level.cut() ? " (dropped)" : ""))
                .collect(Collectors.joining(", ")),
            source.withoutScore() == 0
                ? ""
                : ", %,d without a score stay".formatted(source.withoutScore()));
  }
}
