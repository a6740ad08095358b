package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/** What no single key of {@code evaluate} can say. */
final class EvaluationRules {
  private static final String EXTRACTION = "extraction";
  private static final Map<String, Set<String>> METRICS =
      Map.of(
          "classification",
          Set.of("macro_f1", "accuracy"),
          EXTRACTION,
          Set.of("json_exact", "exact_match", "field_f1", "schema_valid", "command", "grader"),
          "code",
          Set.of("pass_at_1", "command", "grader"),
          "tool_calls",
          Set.of("tool_calls_exact", "command", "grader"),
          "generation",
          Set.of("exact_match", "json_exact", "rubric", "command", "grader"));
  private static final Map<String, String> METRICS_WITH_PARTS =
      Map.of("rubric", "rubric", "command", "command", "grader", "graders");
  private static final int MOST_EXAMPLES = 64;

  private final Checked spec;
  private final Problems problems;

  EvaluationRules(Checked spec, Problems problems) {
    this.spec = spec;
    this.problems = problems;
  }

  void check() {
    evaluation();
    scoring();
    examples();
    advice();
    gate();
  }

  private void gate() {
    if (spec.at("evaluate.gate.max_dollars_per_thousand").isPresent()
        && !spec.wasWritten("evaluate.gate.dollars_per_hour"))
      refuse(
          "evaluate.gate.max_dollars_per_thousand",
          "is given, but not what an hour of the host costs; write evaluate.gate.dollars_per_hour");
  }

  private void advice() {
    var probes = list("evaluate.advise.probes");
    if (probes.contains("oracle") && !spec.wasWritten("evaluate.rag"))
      refuse(
          "evaluate.advise.probes",
          "has oracle, but there is nothing to search; write evaluate.rag, or leave oracle out");
    var task = spec.word("evaluate.task");
    if (probes.contains("constrained") && !Set.of("classification", EXTRACTION).contains(task))
      refuse(
          "evaluate.advise.probes",
          "has constrained, but answers of task "
              + task
              + " have no form to enforce; leave it out");
    var bigger = spec.word("evaluate.advise.bigger");
    var others =
        spec.at("evaluate.others").stream()
            .flatMap(l -> StreamSupport.stream(l.spliterator(), false))
            .map(other -> other.path("name").asText())
            .toList();
    if (!bigger.isEmpty() && !others.contains(bigger))
      refuse(
          "evaluate.advise.bigger",
          "is "
              + quoted("evaluate.advise.bigger")
              + ", which evaluate.others does not have; known: "
              + String.join(", ", others));
  }

  private void evaluation() {
    var task = spec.word("evaluate.task");
    var fitting = METRICS.getOrDefault(task, Set.of());
    var metric = spec.word("evaluate.metric");
    if (!task.isEmpty() && !metric.isEmpty() && !fitting.contains(metric)) {
      refuse(
          "evaluate.metric",
          "is "
              + quoted("evaluate.metric")
              + ", which does not fit task "
              + task
              + "; known: "
              + String.join(", ", fitting.stream().sorted().toList()));
    }
    var labels = list("evaluate.labels");
    if (!labels.isEmpty() && !task.isEmpty() && !task.equals("classification")) {
      refuse(
          "evaluate.labels",
          "is given, but evaluate.task is "
              + task
              + "; leave it out, or write task: classification");
    }
    if (labels.size() == 1) refuse("evaluate.labels", "has one label; there is nothing to choose");
    if (labels.stream().distinct().count() < labels.size())
      refuse("evaluate.labels", "has a label twice; keep one");
    if (labels.stream().anyMatch(String::isBlank))
      refuse("evaluate.labels", "has an empty label; name it or leave it out");
  }

  private void scoring() {
    String metric = spec.word("evaluate.metric");
    boolean ofObjects =
        spec.word("evaluate.task").equals(EXTRACTION) || metric.equals("json_exact");
    String schema = "evaluate.scoring.json_schema";
    if (metric.equals("schema_valid") && spec.at(schema).isEmpty())
      refuse(schema, "is missing, with metric schema_valid; name the file with the schema");
    if (spec.wasWritten(schema) && !ofObjects)
      refuse(
          schema, "is given, but answers are no objects; leave it out, or write task: extraction");
    METRICS_WITH_PARTS.forEach(this::part);
    if (spec.wasWritten("evaluate.scoring.code") && !spec.is("evaluate.task", "code"))
      refuse(
          "evaluate.scoring.code",
          "is given, but evaluate.task is "
              + spec.word("evaluate.task")
              + "; leave it out, or write task: code");
    spec.at("evaluate.scoring.code.template")
        .filter(template -> !template.asText().matches("(?s).*\\{answer(_json)?}.*"))
        .ifPresent(
            _ ->
                refuse(
                    "evaluate.scoring.code.template",
                    "has no {answer}; write where the answer's code goes"));
    readable("evaluate.scoring.code.read_only");
    readable("evaluate.scoring.command.read_only");
    spec.at(schema).ifPresent(file -> schema(schema, Path.of(file.asText())));
  }

  private void readable(String key) {
    for (var path : list(key))
      if (!path.matches("/[^/].*") || !Path.of(path).equals(Path.of(path).normalize()))
        refuse(key, "has " + Problems.echo(path) + "; an absolute path, and not the whole machine");
  }

  private void part(String metric, String key) {
    String path = "evaluate.scoring." + key;
    boolean asked = spec.is("evaluate.metric", metric);
    if (asked && !spec.wasWritten(path))
      refuse(path, "is missing, with metric %s; write that section".formatted(metric));
    if (!asked && spec.wasWritten(path))
      refuse(path, "is given, but the metric is another; write metric: " + metric);
  }

  private void schema(String path, Path file) {
    try {
      JsonNode schema = Wire.mapper().readTree(file.toFile());
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
      registry
          .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
          .validate(schema.toString(), InputFormat.JSON)
          .stream()
          .findFirst()
          .ifPresent(
              error ->
                  refuse(
                      path,
                      "is no JSON Schema: at %s, %s"
                          .formatted(error.getInstanceLocation(), error.getMessage())));
      registry.getSchema(schema).initializeValidators();
    } catch (IOException | SchemaException unusable) {
      refuse(path, "is no JSON Schema that can be used: " + unusable.getMessage());
    }
  }

  private void examples() {
    var k = list("evaluate.few_shot.k");
    if (k.stream().distinct().count() < k.size())
      refuse("evaluate.few_shot.k", "has a number twice; keep one");
    for (var n : k) {
      int examples = Integer.parseInt(n);
      if (examples < 1 || examples > MOST_EXAMPLES)
        refuse("evaluate.few_shot.k", "has " + n + "; each from 1 to " + MOST_EXAMPLES);
    }
  }

  private void refuse(String path, String text) {
    problems.add(path, spec.line(path), text);
  }

  private String quoted(String path) {
    return Problems.echo(spec.word(path));
  }

  private List<String> list(String path) {
    return spec.at(path)
        .map(l -> StreamSupport.stream(l.spliterator(), false).map(JsonNode::asText).toList())
        .orElse(List.of());
  }
}
