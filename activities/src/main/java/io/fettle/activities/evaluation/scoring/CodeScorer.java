package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.parallel.AtOnce;
import io.fettle.statistics.PassAtK;
import io.fettle.workflows.evaluation.Scoring;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Code, right where its row's tests pass in the sandbox: exit code 0, and this run's token as the
 * last line, which a template names or which stands in its standard input. Several answers of one
 * id are samples of one item: its mark is the share that passes, and pass@k is told. A sandbox that
 * breaks ends the scoring; it is no failure of the code.
 */
final class CodeScorer implements Scorer {
  private static final Pattern FENCED =
      Pattern.compile("```[^\\n`]*\\n(.*?)(?:\\n```|$)", Pattern.DOTALL);
  private static final int NOTE = 300;

  /** A template with it proves the end of its tests by a word that stands in its file. */
  private static final String TOKEN = "{token}";

  /** A template with it does so by a word that stands in its input. */
  private static final String QUOTED = "{answer_json}";

  private static final List<Integer> KS = List.of(1, 2, 5, 10, 25, 50, 100);

  private final Scoring.Code code;
  private final Sandbox sandbox;
  private final Sandbox.Limits limits;
  private final int atOnce;

  CodeScorer(Scoring.Code code, ScoringOptions options) {
    this.code = code;
    this.sandbox = Sandbox.in(options.work());
    this.limits = Programs.limits(code.limits());
    this.atOnce = options.atOnce();
  }

  /** How one run went. */
  private record Run(boolean passed, String note) {}

  @Override
  public Marks mark(List<Answer> arm) throws IOException, InterruptedException {
    sandbox.check(job("", ""), limits);
    List<String> tests = tests(arm);
    Map<Integer, Run> runs = new ConcurrentHashMap<>();
    AtOnce.each(
        IntStream.range(0, arm.size()).boxed().toList(),
        atOnce,
        line -> runs.put(line, run(arm.get(line), tests.get(line))));
    Map<String, List<Run>> items = new LinkedHashMap<>();
    for (int line = 0; line < arm.size(); line++) {
      items
          .computeIfAbsent(arm.get(line).id(), _ -> new ArrayList<>())
          .add(runs.getOrDefault(line, new Run(false, "")));
    }
    return marks(List.copyOf(items.values()));
  }

  private List<String> tests(List<Answer> arm) {
    if (code.tests().isEmpty()) {
      return arm.stream().map(Answer::reference).toList();
    }
    Map<String, String> byQuestion = new HashMap<>();
    code.tests().forEach(row -> byQuestion.put(row.question().strip(), row.tests()));
    List<String> tests =
        arm.stream()
            .map(line -> byQuestion.getOrDefault(Exhibits.asks(line.question()).strip(), ""))
            .toList();
    long none = tests.stream().filter(String::isEmpty).count();
    if (none > 0) {
      throw new IllegalArgumentException(
          "evaluate.scoring.code.tests has no tests for %d of %d items; a line's question is a row's last user turn"
              .formatted(none, arm.size()));
    }
    return tests;
  }

  private static Marks marks(List<List<Run>> items) {
    Sheet sheet = new Sheet(items.size());
    int fewest = items.stream().mapToInt(List::size).min().orElse(0);
    for (int item = 0; item < items.size(); item++) {
      List<Run> runs = items.get(item);
      sheet.mark(item, passed(runs) / (double) runs.size());
      sheet.note(
          item, runs.stream().filter(r -> !r.passed()).map(Run::note).findFirst().orElse(""));
    }
    KS.stream()
        .filter(k -> k <= fewest)
        .forEach(
            k ->
                sheet.extra(
                    "pass_at_" + k,
                    items.stream()
                        .mapToDouble(runs -> PassAtK.estimate(runs.size(), passed(runs), k))
                        .average()
                        .orElse(0)));
    return sheet.mean(items.stream().allMatch(runs -> runs.size() == 1));
  }

  private static int passed(List<Run> runs) {
    return (int) runs.stream().filter(Run::passed).count();
  }

  private Run run(Answer line, String tests) throws IOException {
    String token = UUID.randomUUID().toString();
    String answer = code(line.answer());
    String text =
        filled(
            code.template(),
            Map.of(
                "answer",
                answer,
                "reference",
                tests,
                "token",
                token,
                "answer_json",
                Wire.mapper().writeValueAsString(answer),
                "reference_json",
                Wire.mapper().writeValueAsString(tests)));
    try {
      Sandbox.Ended ended = sandbox.run(job(text, quoted() ? token : ""), limits);
      boolean tokened = quoted() || code.template().contains(TOKEN);
      boolean passed = ended.ok() && (!tokened || lastLine(ended.output()).equals(token));
      return new Run(passed, passed ? "" : note(ended));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("scoring was stopped");
    }
  }

  private boolean quoted() {
    return code.template().contains(QUOTED);
  }

  private Sandbox.Job job(String text, String token) {
    return new Sandbox.Job(code.command(), Map.of(code.file(), text), token, code.readOnly());
  }

  /** In one pass: what an answer holds is never filled in. */
  static String filled(String template, Map<String, String> values) {
    return Pattern.compile("\\{(" + String.join("|", values.keySet()) + ")\\}")
        .matcher(template)
        .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
  }

  /** What stands in the first fence, where there is one. */
  static String code(String answer) {
    Matcher fenced = FENCED.matcher(answer);
    return fenced.find() ? fenced.group(1) : answer;
  }

  private static String lastLine(String output) {
    return output.lines().filter(line -> !line.isBlank()).reduce("", (_, next) -> next).strip();
  }

  private static String note(Sandbox.Ended ended) {
    String said = ended.errors().strip();
    String tail = said.length() > NOTE ? said.substring(said.length() - NOTE) : said;
    return switch (ended.end()) {
      case TIME -> "took too long";
      case MEMORY -> "took too much memory";
      case OUTPUT -> "printed too much";
      case LEFTOVERS -> "left processes behind";
      case RETURNED ->
          ended.code() == 0 ? "ended before its tests" : "exit " + ended.code() + ": " + tail;
    };
  }
}
