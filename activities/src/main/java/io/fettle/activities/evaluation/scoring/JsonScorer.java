package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON value an answer, and nothing around it. What does not parse, or breaks the schema where
 * there is one, is invalid.
 */
final class JsonScorer implements Scorer {
  private final Headline headline;
  private final Optional<Schemas> schema;

  /** What the mark is. */
  enum Headline {
    EXACT,
    FIELDS,
    SCHEMA
  }

  JsonScorer(Headline headline, Optional<Schemas> schema) {
    this.headline = headline;
    this.schema = schema;
  }

  /** What is counted over all items. */
  private static final class Tally {
    final Hits fields = new Hits();
    long parsed;
    long exact;
    long satisfied;
  }

  @Override
  public Marks mark(List<Answer> arm) {
    Sheet sheet = new Sheet(arm.size());
    Tally tally = new Tally();
    for (int i = 0; i < arm.size(); i++) {
      mark(sheet, i, arm.get(i), tally);
    }
    sheet.share("parse_rate", tally.parsed);
    sheet.share("exact_rate", tally.exact);
    if (schema.isPresent()) {
      sheet.share("schema_rate", tally.satisfied);
    }
    tally.fields.describe(sheet, "field");
    return sheet.mean(headline != Headline.FIELDS);
  }

  private void mark(Sheet sheet, int i, Answer line, Tally tally) {
    Optional<JsonNode> parsed = Json.parse(line.answer());
    Optional<JsonNode> reference = Json.parse(line.reference());
    Map<String, Integer> wanted = reference.map(Json::fields).orElse(Map.of());
    if (parsed.isEmpty()) {
      tally.fields.add(Map.of(), wanted);
      sheet.invalid(i, "no JSON, or more than one JSON value");
      return;
    }
    JsonNode answer = parsed.get();
    boolean exact = reference.isPresent() && Json.same(answer, reference.get());
    double fields = tally.fields.add(Json.fields(answer), wanted);
    Optional<String> problems = schema.flatMap(s -> s.problems(answer));
    tally.parsed++;
    tally.exact += exact ? 1 : 0;
    tally.satisfied += problems.isEmpty() ? 1 : 0;
    if (problems.isPresent()) {
      sheet.invalid(i, problems.get());
      return;
    }
    sheet.mark(
        i,
        switch (headline) {
          case EXACT -> exact ? 1.0 : 0.0;
          case FIELDS -> fields;
          case SCHEMA -> 1.0;
        });
  }
}
