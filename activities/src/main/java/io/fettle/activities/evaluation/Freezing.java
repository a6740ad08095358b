package io.fettle.activities.evaluation;

import io.fettle.workflows.evaluation.Scoring;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.ScoringSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes what a spec names into the criteria, by value. */
final class Freezing {
  private static final String TEMPLATE = "{answer}\n\n{reference}\n\nprint(\"\\n{token}\")\n";
  private static final ScoringSpec.Limits USUAL =
      new ScoringSpec.Limits(Duration.ofSeconds(10), 512, 32, 16, 64);
  private static final ScoringSpec.Code PYTHON =
      new ScoringSpec.Code(
          List.of("python3", "-I", "answer.py"), "answer.py", null, USUAL, List.of());

  private Freezing() {}

  /** Null where nothing but metric and reference changes a mark. */
  static @Nullable Scoring scoring(EvaluateSpec evaluate) throws IOException {
    ScoringSpec spec = evaluate.scoring();
    boolean codes = evaluate.task() == EvaluateSpec.Task.CODE;
    if (spec == null && !codes) {
      return null;
    }
    String schema = spec == null ? null : spec.jsonSchema();
    ScoringSpec.Code code = spec == null ? null : spec.code();
    return new Scoring(
        schema == null ? null : Files.readString(Path.of(schema)),
        codes ? frozen(Objects.requireNonNullElse(code, PYTHON)) : null);
  }

  private static Scoring.Code frozen(ScoringSpec.Code code) {
    return new Scoring.Code(
        code.command(),
        code.file(),
        Objects.requireNonNullElse(code.template(), TEMPLATE),
        frozen(code.limits()),
        code.readOnly());
  }

  private static Scoring.Limits frozen(ScoringSpec.Limits limits) {
    return new Scoring.Limits(
        limits.time(),
        limits.memoryMib(),
        limits.processes(),
        limits.fileMib(),
        limits.outputKib());
  }
}
