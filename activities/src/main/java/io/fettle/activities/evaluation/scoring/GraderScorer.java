package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.judging.Judge;
import io.fettle.activities.evaluation.scoring.Graders.Grader;
import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.parallel.AtOnce;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Marks by graders of the OpenAI API; what they come to is kept within 0 and 1. */
final class GraderScorer implements Scorer {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?");
  static final List<String> PYTHON = List.of("python3", "-I", "grader.py");

  /** Calls the user's function for every line; what that prints goes where it disturbs nothing. */
  private static final String HARNESS =
      """


      if __name__ == "__main__":
          import json as _json
          import sys as _sys

          _out, _sys.stdout = _sys.stdout, _sys.stderr
          for _line in _sys.stdin:
              _row = _json.loads(_line)
              _sample = {"output_text": _row["answer"], "output_json": None}
              try:
                  _sample["output_json"] = _json.loads(_row["answer"])
              except (ValueError, RecursionError):
                  pass
              _item = {"reference": _row["reference"], "question": _row["question"]}
              _mark = {"id": _row["id"]}
              try:
                  _mark["score"] = min(1.0, max(0.0, float(grade(_sample, _item))))
              except Exception as _e:
                  _mark["score"], _mark["note"] = 0.0, "the grader raised " + type(_e).__name__
              _out.write(_json.dumps(_mark) + "\\n")
      """;

  private final Scoring.Graders frozen;
  private final Grader grader;
  private final ScoringOptions options;

  GraderScorer(Scoring.Graders frozen, ScoringOptions options) {
    this.frozen = frozen;
    this.grader = Graders.read(frozen);
    this.options = options;
  }

  @Override
  public Marks mark(List<Answer> arm) throws IOException, InterruptedException {
    Sheet sheet = new Sheet(arm.size());
    double[] numbers = numbers(grader, arm, sheet);
    for (int i = 0; i < arm.size(); i++) {
      double number = numbers[i];
      sheet.mark(i, Double.isNaN(number) ? 0 : Math.clamp(number, 0.0, 1.0));
    }
    return sheet.mean(grader instanceof Grader.StringCheck || grader instanceof Grader.Label);
  }

  private double[] numbers(Grader one, List<Answer> arm, Sheet sheet)
      throws IOException, InterruptedException {
    return switch (one) {
      case Grader.StringCheck check -> each(arm, line -> checked(check, line));
      case Grader.Similarity similarity -> {
        Overlap overlap = new Overlap();
        yield each(arm, line -> alike(overlap, similarity, line));
      }
      case Grader.Label label -> labelled(label, arm);
      case Grader.Rating rating -> rated(rating, arm);
      case Grader.Python python -> graded(python, arm, sheet);
      case Grader.Multi multi -> combined(multi, arm, sheet);
    };
  }

  private static double[] each(List<Answer> arm, ToDoubleFunction<Answer> number) {
    return arm.stream().mapToDouble(number).toArray();
  }

  private static double checked(Grader.StringCheck check, Answer line) {
    String input = check.input().fill(line);
    String reference = check.reference().fill(line);
    boolean holds =
        switch (check.operation()) {
          case "eq" -> input.equals(reference);
          case "ne" -> !input.equals(reference);
          case "like" -> input.contains(reference);
          default -> input.toLowerCase(Locale.ROOT).contains(reference.toLowerCase(Locale.ROOT));
        };
    return holds ? 1 : 0;
  }

  private static double alike(Overlap overlap, Grader.Similarity similarity, Answer line) {
    String input = similarity.input().fill(line);
    String reference = similarity.reference().fill(line);
    return switch (similarity.metric()) {
      case "rouge_l" -> overlap.rougeL(reference, input);
      case "gleu" -> Overlap.gleu(reference, input);
      default ->
          Overlap.rougeN(
              reference, input, Integer.parseInt(similarity.metric().substring("rouge_".length())));
    };
  }

  private double[] labelled(Grader.Label label, List<Answer> arm) throws IOException {
    String system =
        "%s\n\nBegin your reply with one of these words: %s."
            .formatted(label.system(), String.join(", ", label.labels()));
    return asked(
        arm,
        (judge, line) -> {
          var ballot = judge.ask(system, label.user().fill(line), label.labels());
          return ballot.winner().filter(label.passing()::contains).isPresent() ? 1 : 0;
        });
  }

  private double[] rated(Grader.Rating number, List<Answer> arm) throws IOException {
    String system =
        "%s\n\nReply with one number from %s to %s and nothing else."
            .formatted(number.system(), number.low(), number.high());
    return asked(
        arm,
        (judge, line) -> {
          OptionalDouble mean =
              judge.replies(system, number.user().fill(line)).stream()
                  .map(NUMBER::matcher)
                  .filter(Matcher::find)
                  .mapToDouble(found -> Double.parseDouble(found.group()))
                  .map(said -> Math.clamp(said, number.low(), number.high()))
                  .average();
          return (mean.orElse(number.low()) - number.low()) / (number.high() - number.low());
        });
  }

  /** What a judge makes of an answer. */
  private interface Asked {
    double of(Judge judge, Answer line) throws IOException, InterruptedException;
  }

  private double[] asked(List<Answer> arm, Asked asked) throws IOException {
    Map<Integer, Double> numbers = new ConcurrentHashMap<>();
    Scoring.Judge named = Objects.requireNonNull(frozen.judge(), "graders that ask have a judge");
    try (Judge judge = Judge.open(named, options.judges())) {
      AtOnce.each(
          IntStream.range(0, arm.size()).boxed().toList(),
          judge.concurrency(),
          i -> numbers.put(i, patiently(asked, judge, arm.get(i))));
    }
    return IntStream.range(0, arm.size()).mapToDouble(i -> numbers.getOrDefault(i, 0.0)).toArray();
  }

  private static double patiently(Asked asked, Judge judge, Answer line) throws IOException {
    try {
      return asked.of(judge, line);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("judging was stopped");
    }
  }

  private double[] graded(Grader.Python python, List<Answer> arm, Sheet sheet)
      throws IOException, InterruptedException {
    Scoring.Command command =
        new Scoring.Command(
            python.source() + HARNESS, "grader.py", PYTHON, true, frozen.limits(), List.of());
    Marks marks = new CommandScorer(command, options).mark(arm);
    IntStream.range(0, marks.items())
        .forEach(i -> marks.note(i).ifPresent(note -> sheet.note(i, note)));
    return IntStream.range(0, marks.items()).mapToDouble(marks::mark).toArray();
  }

  private double[] combined(Grader.Multi multi, List<Answer> arm, Sheet sheet)
      throws IOException, InterruptedException {
    Map<String, double[]> parts = new TreeMap<>();
    for (Map.Entry<String, Grader> part : multi.parts().entrySet()) {
      double[] numbers = numbers(part.getValue(), arm, sheet);
      parts.put(part.getKey(), numbers);
      Arrays.stream(numbers).average().ifPresent(m -> sheet.extra("grader/" + part.getKey(), m));
    }
    return IntStream.range(0, arm.size())
        .mapToDouble(
            i -> {
              Map<String, Double> numbers = new HashMap<>();
              parts.forEach((name, all) -> numbers.put(name, all[i]));
              return multi.formula().of(numbers);
            })
        .toArray();
  }
}
