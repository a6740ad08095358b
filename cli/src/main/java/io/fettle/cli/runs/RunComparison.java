package io.fettle.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.activities.evaluation.series.Series;
import io.fettle.activities.lineage.report.Words;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.lineage.PhaseTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Two finished runs beside each other.
 *
 * @param first its id
 * @param second its id
 * @param criteria the hash that both were measured by
 * @param sameItems whether they answered the same test items; scores of other items say nothing
 *     about which model is better
 * @param parameters what differs of the resolved specs and of what was derived from them
 * @param scores of every arm that either has, on test
 * @param costs what each took
 */
public record RunComparison(
    String first,
    String second,
    String criteria,
    boolean sameItems,
    List<Parameter> parameters,
    List<ArmScores> scores,
    List<Cost> costs) {
  private static final String HASH = "criteriaSha256";

  public RunComparison {
    parameters = List.copyOf(parameters);
    scores = List.copyOf(scores);
    costs = List.copyOf(costs);
  }

  /** A value at a path such as {@code train.learning_rate}; null: not there. */
  public record Parameter(String path, @Nullable String first, @Nullable String second) {}

  /** An arm's score in each run; null: it has no such arm. */
  public record ArmScores(String arm, @Nullable Score first, @Nullable Score second) {}

  /** A score as a fraction, with its 95 % interval. */
  public record Score(double score, double low, double high, int items) {}

  /** Seconds or dollars of something; null where a run has none. */
  public record Cost(String what, String unit, @Nullable Double first, @Nullable Double second) {}

  /**
   * Compares.
   *
   * @throws CommandFailure where one was not evaluated, or by other criteria than the other
   */
  public static RunComparison of(Records records, Records.Kept first, Records.Kept second) {
    JsonNode ours = evaluation(records, first);
    JsonNode theirs = evaluation(records, second);
    String hash = ours.path(HASH).asText();
    if (!hash.equals(theirs.path(HASH).asText())) {
      String other = second.story().run();
      boolean isOlder = records.series(first).filter(p -> p.apart().contains(other)).isEmpty();
      throw isOlder
          ? otherCriteria(first, ours, second, theirs)
          : otherCriteria(second, theirs, first, ours);
    }
    return new RunComparison(
        first.story().run(),
        second.story().run(),
        hash,
        items(ours).equals(items(theirs)),
        parameters(settings(records, first), settings(records, second)),
        scores(ours, theirs),
        costs(records, first, second));
  }

  private static JsonNode evaluation(Records records, Records.Kept run) {
    return run.document("evaluation")
        .map(records::json)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.INVALID,
                    "%s was never evaluated (it ended %s); compare a run that came as far as its gate"
                        .formatted(run.story().run(), run.story().outcome())));
  }

  private static CommandFailure otherCriteria(
      Records.Kept older, JsonNode before, Records.Kept newer, JsonNode after) {
    List<String> changes =
        Series.changes(before.path("criteria"), after.path("criteria")).stream()
            .map(String::valueOf)
            .toList();
    return new CommandFailure(
        ExitCode.INVALID,
        "%s is of another series than %s: criteria changed (%s), from %.12s to %.12s, and results of different criteria are never compared; run one of them again with the other's evaluate section"
            .formatted(
                newer.story().run(),
                older.story().run(),
                changes.isEmpty() ? "their form alone" : String.join("; ", changes),
                before.path(HASH).asText(),
                after.path(HASH).asText()));
  }

  private static Map<String, String> items(JsonNode evaluation) {
    var items = new TreeMap<String, String>();
    evaluation
        .path("items")
        .forEach(item -> items.put(item.path("id").asText(), item.path("reference").asText()));
    return items;
  }

  // --- Parameters

  private static Map<String, String> settings(Records records, Records.Kept run) {
    var settings = new TreeMap<String, String>();
    for (String name : List.of("resolvedSpec", "training")) {
      run.document(name).map(records::json).ifPresent(json -> settings.putAll(flat(json, "")));
    }
    run.document("evaluation")
        .map(records::json)
        .ifPresent(json -> settings.putAll(flat(json.path("scoredBy"), "scored by")));
    settings.put("dataset", run.story().dataset());
    return settings;
  }

  private static Map<String, String> flat(JsonNode node, String path) {
    var flat = new TreeMap<String, String>();
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  flat.putAll(
                      flat(
                          entry.getValue(),
                          path.isEmpty() ? entry.getKey() : path + "." + entry.getKey())));
    } else if (!node.isMissingNode() && !node.isNull()) {
      flat.put(path, node.isValueNode() ? node.asText() : node.toString());
    }
    return flat;
  }

  private static List<Parameter> parameters(Map<String, String> ours, Map<String, String> theirs) {
    var paths = new TreeSet<>(ours.keySet());
    paths.addAll(theirs.keySet());
    return paths.stream()
        .filter(path -> !Objects.equals(ours.get(path), theirs.get(path)))
        .map(path -> new Parameter(path, ours.get(path), theirs.get(path)))
        .toList();
  }

  // --- Scores

  private static List<ArmScores> scores(JsonNode ours, JsonNode theirs) {
    Map<String, Score> first = byArm(ours);
    Map<String, Score> second = byArm(theirs);
    var arms = new ArrayList<>(first.keySet());
    second.keySet().stream().filter(arm -> !first.containsKey(arm)).forEach(arms::add);
    return arms.stream().map(arm -> new ArmScores(arm, first.get(arm), second.get(arm))).toList();
  }

  private static Map<String, Score> byArm(JsonNode evaluation) {
    var scores = new LinkedHashMap<String, Score>();
    for (JsonNode score : evaluation.path("scores")) {
      if (!score.path("part").asText("TEST").equals("TEST")) {
        continue;
      }
      scores.put(
          Words.arm(score),
          new Score(
              score.path("score").asDouble(),
              score.path("low").asDouble(),
              score.path("high").asDouble(),
              score.path("items").asInt()));
    }
    return scores;
  }

  // --- Costs

  private static List<Cost> costs(Records records, Records.Kept first, Records.Kept second) {
    Map<String, Double> ours = seconds(first);
    Map<String, Double> theirs = seconds(second);
    var phases = new ArrayList<>(ours.keySet());
    theirs.keySet().stream().filter(phase -> !ours.containsKey(phase)).forEach(phases::add);
    var costs = new ArrayList<Cost>();
    for (String phase : phases) {
      costs.add(new Cost(phase, "s", ours.get(phase), theirs.get(phase)));
    }
    costs.add(new Cost("all phases", "s", sum(ours), sum(theirs)));
    costs.add(new Cost("estimate", "$", dollars(records, first), dollars(records, second)));
    return costs;
  }

  private static Map<String, Double> seconds(Records.Kept run) {
    var seconds = new LinkedHashMap<String, Double>();
    for (PhaseTime phase : run.story().phases()) {
      seconds.merge(phase.name(), phase.seconds(), Double::sum);
    }
    return seconds;
  }

  private static double sum(Map<String, Double> seconds) {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static @Nullable Double dollars(Records records, Records.Kept run) {
    JsonNode plan = records.beside(run, "plan.json").orElse(MissingNode.getInstance());
    double dollars = plan.path("dollars").asDouble(-1);
    return dollars < 0 ? null : dollars; // not known
  }
}
