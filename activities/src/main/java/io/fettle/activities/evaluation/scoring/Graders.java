package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.evaluation.Scoring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads graders as OpenAI's fine-tuning and evals APIs have them. Everything that cannot be
 * imported is told at once, each with what to do instead.
 */
final class Graders {
  private static final Set<String> OPERATIONS = Set.of("eq", "ne", "like", "ilike");
  private static final Set<String> SIMILARITIES =
      Set.of("rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l", "gleu");

  private final List<String> problems = new ArrayList<>();
  private final boolean hasJudge;

  private Graders(boolean hasJudge) {
    this.hasJudge = hasJudge;
  }

  /** A grader that was read; see the API's reference for what each does. */
  sealed interface Grader {
    /** 1 where the texts relate as the operation says, else 0. */
    record StringCheck(Templates input, Templates reference, String operation) implements Grader {}

    /** How alike two texts are, from 0 to 1. */
    record Similarity(Templates input, Templates reference, String metric) implements Grader {}

    /** 1 where a judge gives one of the passing labels. */
    record Label(String system, Templates user, List<String> labels, List<String> passing)
        implements Grader {
      public Label {
        labels = List.copyOf(labels);
        passing = List.copyOf(passing);
      }
    }

    /** A number that a judge gives, between two bounds, as a share of the way between them. */
    record Rating(String system, Templates user, double low, double high) implements Grader {}

    /** A Python function {@code grade(sample, item)}. */
    record Python(String source) implements Grader {}

    /** Several, and how their numbers make one. */
    record Multi(Map<String, Grader> parts, Formula formula) implements Grader {
      public Multi {
        parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
      }
    }
  }

  /**
   * The grader of a text.
   *
   * @param frozen whose judge answers those that ask a model
   * @throws IllegalArgumentException every problem, a line each
   */
  static Grader read(Scoring.Graders frozen) {
    Graders reader = new Graders(frozen.judge() != null);
    Optional<JsonNode> tree = Json.parse(frozen.json()).filter(JsonNode::isObject);
    if (tree.isEmpty()) {
      throw new IllegalArgumentException(
          "the graders are no JSON object; write one grader, or one of type multi that holds several");
    }
    Optional<Grader> grader = reader.read("grader", tree.get());
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.problems));
    }
    return grader.orElseThrow();
  }

  private Optional<Grader> read(String name, JsonNode grader) {
    String type = grader.path("type").asText();
    return switch (type) {
      case "string_check" -> stringCheck(name, grader);
      case "text_similarity" -> similarity(name, grader);
      case "label_model" -> label(name, grader);
      case "score_model" -> number(name, grader);
      case "python" -> python(name, grader);
      case "multi" -> multi(name, grader);
      default ->
          refuse(
              name,
              "is of type \"%s\"; known: string_check, text_similarity, label_model, score_model, python, multi"
                  .formatted(type));
    };
  }

  private Optional<Grader> stringCheck(String name, JsonNode grader) {
    String operation = grader.path("operation").asText();
    if (!OPERATIONS.contains(operation)) {
      return refuse(name, "has operation \"%s\"; known: eq, ne, like, ilike".formatted(operation));
    }
    return both(name, grader)
        .map(texts -> new Grader.StringCheck(texts.getFirst(), texts.getLast(), operation));
  }

  private Optional<Grader> similarity(String name, JsonNode grader) {
    String metric = grader.path("evaluation_metric").asText();
    if (!SIMILARITIES.contains(metric)) {
      return refuse(
          name,
          "has evaluation_metric \"%s\", which is not imported; take rouge_l or gleu, or compute it in a python grader"
              .formatted(metric));
    }
    return both(name, grader)
        .map(texts -> new Grader.Similarity(texts.getFirst(), texts.getLast(), metric));
  }

  private Optional<List<Templates>> both(String name, JsonNode grader) {
    Optional<Templates> input = template(name, "input", grader.path("input"));
    Optional<Templates> reference = template(name, "reference", grader.path("reference"));
    return input.isPresent() && reference.isPresent()
        ? Optional.of(List.of(input.get(), reference.get()))
        : Optional.empty();
  }

  private Optional<Grader> label(String name, JsonNode grader) {
    List<String> labels = texts(grader.path("labels"));
    List<String> passing = texts(grader.path("passing_labels"));
    if (labels.size() < 2 || passing.isEmpty() || !labels.containsAll(passing)) {
      return refuse(name, "needs two labels or more in labels, and some of them in passing_labels");
    }
    if (labels.stream().anyMatch(label -> !label.matches("\\p{L}+"))) {
      return refuse(
          name, "has a label that is no single word; rename labels to words, as in good, bad");
    }
    return asked(name, grader)
        .map(ask -> new Grader.Label(ask.system(), ask.user(), labels, passing));
  }

  private Optional<Grader> number(String name, JsonNode grader) {
    JsonNode range = grader.path("range");
    double low = range.path(0).asDouble(0);
    double high = range.path(1).asDouble(1);
    if (!(low < high)) {
      return refuse(name, "has range [%s, %s]; write the lower bound first".formatted(low, high));
    }
    return asked(name, grader).map(ask -> new Grader.Rating(ask.system(), ask.user(), low, high));
  }

  /** What a judge is told before, and what it is asked. */
  private record Ask(String system, Templates user) {}

  private Optional<Ask> asked(String name, JsonNode grader) {
    if (!hasJudge) {
      refuse(name, "asks a model; name it in evaluate.scoring.graders.judge");
      return Optional.empty();
    }
    StringBuilder system = new StringBuilder();
    StringBuilder user = new StringBuilder();
    for (JsonNode turn : grader.path("input")) {
      JsonNode content = turn.path("content");
      String text = content.isTextual() ? content.asText() : content.path("text").asText();
      boolean isTold = Set.of("system", "developer").contains(turn.path("role").asText());
      (isTold ? system : user).append(text).append('\n');
    }
    if (system.indexOf("{{") >= 0) {
      refuse(name, "fills a system turn; move {{...}} into the user's turn");
      return Optional.empty();
    }
    return template(
            name, "input", com.fasterxml.jackson.databind.node.TextNode.valueOf(user.toString()))
        .map(filled -> new Ask(system.toString().strip(), filled));
  }

  private Optional<Grader> python(String name, JsonNode grader) {
    String source = grader.path("source").asText();
    return source.contains("def grade(")
        ? Optional.of(new Grader.Python(source))
        : refuse(name, "has no function grade(sample, item) in source");
  }

  private Optional<Grader> multi(String name, JsonNode grader) {
    Map<String, Grader> parts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> part : grader.path("graders").properties()) {
      if (part.getValue().path("type").asText().equals("multi")) {
        refuse(
            name + "." + part.getKey(), "is of type multi inside another; put its parts outside");
      } else {
        read(name + "." + part.getKey(), part.getValue())
            .ifPresent(read -> parts.put(part.getKey(), read));
      }
    }
    if (parts.isEmpty()) {
      return refuse(name, "has no graders that can be imported");
    }
    try {
      Formula formula = Formula.read(grader.path("calculate_output").asText());
      List<String> unknown =
          formula.names().stream().filter(used -> !grader.path("graders").has(used)).toList();
      return unknown.isEmpty()
          ? Optional.of(new Grader.Multi(parts, formula))
          : refuse(
              name, "has calculate_output of %s, which are none of its graders".formatted(unknown));
    } catch (IllegalArgumentException noFormula) {
      return refuse(name, "has calculate_output that cannot be read: " + noFormula.getMessage());
    }
  }

  private Optional<Templates> template(String name, String key, JsonNode text) {
    if (!text.isTextual()) {
      refuse(name, "has no text in " + key);
      return Optional.empty();
    }
    Templates template = new Templates(text.asText());
    List<String> unknown = template.unknown();
    if (unknown.isEmpty()) {
      return Optional.of(template);
    }
    refuse(
        name,
        "fills in %s; known: sample.output_text, sample.output_json and its fields, item.reference, item.question"
            .formatted(String.join(", ", unknown)));
    return Optional.empty();
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText().toLowerCase(java.util.Locale.ROOT)));
    return texts;
  }

  private Optional<Grader> refuse(String name, String why) {
    problems.add(name + " " + why);
    return Optional.empty();
  }
}
