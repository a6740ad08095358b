package io.fettle.activities.evaluation.scoring;

import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
   * One arm's answers beside another's, as a judge prefers them.
   *
   * @param preferences an item each: 1 for ours, 0 for theirs, a half for a tie
   * @param asked items whose answers differ
   * @param consistency of those, the share on which both orders agree
   * @param firstSlot of all decided replies, the share that took the first answer shown; a half
   *     shows no preference
   * @param longer of the preferred answers, the share that was the longer one
   * @param rulings what was said of each item that was asked about
   */
  public record Pairs(
      List<Double> preferences,
      int asked,
      double consistency,
      double firstSlot,
      double longer,
      List<PairRuling> rulings) {
    public Pairs {
      preferences = List.copyOf(preferences);
      rulings = List.copyOf(rulings);
    }

    /** Mean preference for ours over these items, with repeats. */
    public double score(int[] items) {
      double sum = 0;
      for (int item : items) {
        sum += preferences.get(item);
      }
      return sum / items.length;
    }
  }

  /**
   * What a judge said of one item's two answers, in both orders.
   *
   * @param forward with ours shown first: {@code ours}, {@code theirs} or {@code tie}
   * @param backward with theirs shown first
   * @param forwardReason as it gave it; may quote rows: for the store only
   */
  public record PairRuling(
      String id, String forward, String backward, String forwardReason, String backwardReason) {}

  /** Whether marks depend on what was asked, so that answers have to hold it. */
  public static boolean readsQuestions(Criteria criteria) {
    boolean isPaired = part(criteria, Scoring::pairwise).isPresent();
    return isPaired
        || Set.of("rubric", "command", "grader").contains(criteria.metric())
        || part(criteria, Scoring::code).filter(code -> !code.tests().isEmpty()).isPresent();
  }

  /**
   * Puts two arms side by side, where the criteria ask for that.
   *
   * @param ours of the same items as {@code theirs}, in the same order
   * @return empty where they do not
   */
  public static Optional<Pairs> compare(
      Criteria criteria, List<Answer> ours, List<Answer> theirs, ScoringOptions options)
      throws IOException {
    Optional<Scoring.Pairwise> pairwise = part(criteria, Scoring::pairwise);
    return pairwise.isEmpty()
        ? Optional.empty()
        : Optional.of(new PairScorer(pairwise.get(), options).compare(ours, theirs));
  }

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

  /**
   * Reads what the criteria hold, so that what cannot be used is told before a run starts.
   *
   * @throws IllegalArgumentException sentences that say what and how to mend it
   */
  public static void check(Scoring scoring) {
    if (scoring.jsonSchema() != null) {
      Schemas.of(scoring.jsonSchema());
    }
    if (scoring.graders() != null) {
      Graders.read(scoring.graders());
    }
  }

  /**
   * What marks by programs rest on beside answers and criteria: the interpreter's word of its
   * version and a hash of the names, sizes and times in each folder that it may read, by their
   * names; what cannot be read is told as such. Two machines that differ in them may mark the same
   * answer otherwise.
   *
   * @return empty where no program marks
   */
  public static SortedMap<String, String> ranBy(Criteria criteria, ScoringOptions options)
      throws IOException, InterruptedException {
    return switch (criteria.metric()) {
      case "pass_at_1" -> {
        Scoring.Code code = needed(criteria, "code", Scoring::code);
        yield RanBy.of(code.command(), code.readOnly(), true, options);
      }
      case "command" -> RanBy.of(needed(criteria, "command", Scoring::command), options);
      case "grader" ->
          needed(criteria, "graders", Scoring::graders).json().contains("\"python\"")
              ? RanBy.of(GraderScorer.PYTHON, List.of(), true, options)
              : new TreeMap<>();
      default -> new TreeMap<>();
    };
  }

  /**
   * The usual file of code in Python: it runs an answer with its tests in another process than the
   * one that knows the token.
   */
  public static String pythonTemplate() {
    try (InputStream in = Scorers.class.getResourceAsStream("answer.py.template")) {
      return new String(
          Objects.requireNonNull(in, "the template is part of this jar").readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
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
      case "command" -> new CommandScorer(needed(criteria, "command", Scoring::command), options);
      case "grader" -> new GraderScorer(needed(criteria, "graders", Scoring::graders), options);
      case "rubric" -> new RubricScorer(needed(criteria, "rubric", Scoring::rubric), options);
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
