package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with {@code {{item.reference}}}, {@code {{sample.output_text}}} and the like. */
record Templates(String text) {
  private static final Pattern HOLE = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*\\}\\}");
  private static final Pattern KNOWN =
      Pattern.compile(
          "sample\\.output_text|sample\\.output_json(\\.[A-Za-z0-9_]+)*|item\\.(reference|question)");

  /** What it fills in and nobody knows. */
  List<String> unknown() {
    return HOLE.matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(name -> !KNOWN.matcher(name).matches())
        .distinct()
        .toList();
  }

  /** In one pass: what an answer holds is never filled in. */
  String fill(Answer line) {
    return HOLE.matcher(text)
        .replaceAll((MatchResult found) -> Matcher.quoteReplacement(value(found.group(1), line)));
  }

  private static String value(String name, Answer line) {
    return switch (name) {
      case "sample.output_text" -> line.answer();
      case "item.reference" -> line.reference();
      case "item.question" -> Exhibits.conversation(line.question());
      default -> field(name, line);
    };
  }

  /** Empty where the answer is no JSON, or has no such field. */
  private static String field(String name, Answer line) {
    String pointer = name.substring("sample.output_json".length()).replace('.', '/');
    return Json.parse(line.answer())
        .map(answer -> answer.at(pointer))
        .filter(value -> !value.isMissingNode())
        .map(Templates::shown)
        .orElse("");
  }

  private static String shown(JsonNode value) {
    return value.isTextual() ? value.asText() : value.toString();
  }
}
