package io.fettle.activities.evaluation.scoring;

import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Marks arms by frozen criteria. */
public final class Scorers {
  private Scorers() {}

  /**
   * An item's answer by one arm.
   *
   * @param question the messages that were asked, as a JSON list; empty where no metric reads them
   * @param reference what counts as right
   */
  public record Answer(String id, String question, String reference, String answer) {}

  /**
   * Marks one arm. Metrics that ask nobody are pure functions of their arguments.
   *
   * @throws IllegalArgumentException a sentence, if the criteria name a metric that is not known
   *     here, or one that lacks its part of {@code scoring}
   */
  public static Marks mark(Criteria criteria, List<Answer> arm, ScoringOptions options)
      throws IOException, InterruptedException {
    return scorer(criteria, options).mark(arm);
  }

  private static Scorer scorer(Criteria criteria, ScoringOptions options) {
    return switch (criteria.metric()) {
      case "accuracy" -> new LabelScorer(criteria.labels(), false);
      case "macro_f1" -> new LabelScorer(criteria.labels(), true);
      case "exact_match" -> new TextScorer();
      case "json_exact" -> new JsonScorer(JsonScorer.Headline.EXACT, schema(criteria));
      case "field_f1" -> new JsonScorer(JsonScorer.Headline.FIELDS, schema(criteria));
      case "schema_valid" ->
          new JsonScorer(
              JsonScorer.Headline.SCHEMA,
              Optional.of(Schemas.of(needed(criteria, "json_schema", Scoring::jsonSchema))));
      case "tool_calls_exact" -> new ToolScorer();
      case "pass_at_1" -> new CodeScorer(needed(criteria, "code", Scoring::code), options);
      default ->
          throw new IllegalArgumentException(
              "the criteria's metric is %s, which this worker does not know; upgrade it, or freeze the criteria anew"
                  .formatted(criteria.metric()));
    };
  }

  private static Optional<Schemas> schema(Criteria criteria) {
    return part(criteria, Scoring::jsonSchema).map(Schemas::of);
  }

  private static <T> Optional<T> part(Criteria criteria, Function<Scoring, @Nullable T> part) {
    Scoring scoring = criteria.scoring();
    return scoring == null ? Optional.empty() : Optional.ofNullable(part.apply(scoring));
  }

  private static <T> T needed(Criteria criteria, String key, Function<Scoring, @Nullable T> part) {
    return part(criteria, part)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the criteria's metric is %s, but they have no %s; give evaluate.scoring.%s"
                        .formatted(criteria.metric(), key, key)));
  }
}
