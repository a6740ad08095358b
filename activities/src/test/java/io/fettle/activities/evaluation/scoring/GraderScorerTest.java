package io.fettle.activities.evaluation.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.workflows.evaluation.Scoring;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraderScorerTest {
  private static final Scoring.Limits LIMITS =
      new Scoring.Limits(Duration.ofSeconds(20), 512, 32, 16, 256);

  @TempDir private Path folder;

  @Test
  void strings_are_checked_as_the_operation_says() throws Exception {
    String check =
        """
        {"type": "string_check", "name": "n", "operation": "%s",
         "input": "{{ sample.output_text }}", "reference": "{{item.reference}}"}
        """;
    List<Answer> arm = Arms.of("Yes", "yes", "yes", "yes", "oh yes!", "yes");

    assertThat(marked(check.formatted("eq"), arm)).containsExactly(0, 1, 0);
    assertThat(marked(check.formatted("ne"), arm)).containsExactly(1, 0, 1);
    assertThat(marked(check.formatted("like"), arm)).containsExactly(0, 1, 1);
    assertThat(marked(check.formatted("ilike"), arm)).containsExactly(1, 1, 1);
  }

  @Test
  void an_answer_s_braces_are_text_and_fields_of_its_json_are_found() throws Exception {
    String grader =
        """
        {"type": "string_check", "name": "n", "operation": "eq",
         "input": "{{sample.output_json.who.name}}|{{sample.output_text}}", "reference": "Ada|{{item.reference}}"}
        """;
    String answer = "{\"who\": {\"name\": \"Ada\"}, \"x\": \"{{item.question}}\"}";

    assertThat(marked(grader, Arms.of(answer, answer, "no json", "no json"))).containsExactly(1, 0);
  }

  @Test
  void texts_are_alike_as_far_as_their_words_are() throws Exception {
    String alike =
        """
        {"type": "text_similarity", "name": "n", "evaluation_metric": "%s",
         "input": "{{sample.output_text}}", "reference": "{{item.reference}}"}
        """;
    List<Answer> arm = Arms.of("the cat is on the mat", "the cat sat on the mat");

    assertThat(marked(alike.formatted("rouge_1"), arm)[0]).isCloseTo(5 / 6.0, within(1e-9));
    assertThat(marked(alike.formatted("rouge_2"), arm)[0]).isCloseTo(3 / 5.0, within(1e-9));
    assertThat(marked(alike.formatted("rouge_l"), arm)[0]).isCloseTo(5 / 6.0, within(1e-9));
    assertThat(marked(alike.formatted("gleu"), arm)[0]).isCloseTo(9 / 18.0, within(1e-9));
  }

  @Test
  void models_give_labels_and_numbers() throws Exception {
    try (ScriptedJudge server = new ScriptedJudge()) {
      server.says(
          request ->
              request.system().contains("one number")
                  ? request.user().contains("fine") ? "Score: 4" : "nothing"
                  : request.user().contains("fine") ? "Good." : "bad");
      Scoring.Judge judge = new Scoring.Judge(server.url(), "judge-1", null, 2, 1, 0, 8);
      String ask =
          """
          "model": "gpt-x", "input": [{"role": "system", "content": "Be strict."},
           {"role": "user", "content": {"type": "input_text", "text": "Judge: {{sample.output_text}}"}}]
          """;
      String label =
          "{\"type\": \"label_model\", \"labels\": [\"good\", \"bad\"], \"passing_labels\": [\"good\"], "
              + ask
              + "}";
      String number = "{\"type\": \"score_model\", \"range\": [0, 5], " + ask + "}";
      String both =
          "{\"type\": \"multi\", \"calculate_output\": \"max(a, 0) * 0.5 + b / 2\", \"graders\": {\"a\": "
              + label
              + ", \"b\": "
              + number
              + "}}";
      List<Answer> arm = Arms.of("fine", "", "poor", "");

      assertThat(marked(label, judge, arm)).containsExactly(1, 0);
      assertThat(marked(number, judge, arm)).containsExactly(0.8, 0);
      assertThat(marked(both, judge, arm)).containsExactly(0.9, 0);
      assertThat(server.requests().getFirst().system()).startsWith("Be strict.");
    }
  }

  @Test
  void a_python_grader_runs_in_the_sandbox_and_what_it_raises_is_a_zero() throws Exception {
    sandboxed();
    String source =
        "def grade(sample, item):\\n    print('noise')\\n"
            + "    return sample['output_json']['n'] / float(item['reference'])\\n";
    String grader = "{\"type\": \"python\", \"name\": \"p\", \"source\": \"" + source + "\"}";
    Marks marks =
        Arms.marks(
            Arms.criteria(
                "grader", List.of(), Scoring.NONE.with(new Scoring.Graders(grader, null, LIMITS))),
            Arms.of("{\"n\": 1}", "2", "{\"n\": 9}", "3", "none", "1"),
            Arms.options(folder));

    assertThat(marks.mark(0)).isEqualTo(0.5);
    assertThat(marks.mark(1)).isEqualTo(1);
    assertThat(marks.mark(2)).isZero();
    assertThat(marks.note(2)).contains("the grader raised TypeError");
  }

  @Test
  void everything_that_cannot_be_imported_is_told_at_once_with_what_to_do() {
    String grader =
        """
        {"type": "multi", "calculate_output": "a + z", "graders": {
          "a": {"type": "text_similarity", "evaluation_metric": "cosine", "input": "x", "reference": "y"},
          "b": {"type": "score_model", "input": [{"role": "user", "content": "x"}]},
          "c": {"type": "string_check", "operation": "eq", "input": "{{item.total}}", "reference": "1"},
          "d": {"type": "endpoint"}, "e": {"type": "python", "source": "def score(): pass"}}}
        """;

    assertThatThrownBy(() -> Graders.read(new Scoring.Graders(grader, null, LIMITS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("grader.a has evaluation_metric \"cosine\"")
        .hasMessageContaining("grader.b asks a model; name it in evaluate.scoring.graders.judge")
        .hasMessageContaining("grader.c fills in item.total; known: ")
        .hasMessageContaining("grader.d is of type \"endpoint\"")
        .hasMessageContaining("grader.e has no function grade(sample, item)");
  }

  @Test
  void a_formula_is_arithmetic_and_nothing_else() {
    assertThat(Formula.read("-(1 + 2) * 3 / 2 - floor(1.5)").of(java.util.Map.of()))
        .isEqualTo(-5.5);
    assertThat(Formula.read("min(a, b) + abs(0 - a)").of(java.util.Map.of("a", 2.0, "b", 1.0)))
        .isEqualTo(3);
    for (String wrong : List.of("", "1 +", "f(1)", "a b", "1 $ 2", "(1", "()", "(".repeat(99))) {
      assertThatThrownBy(() -> Formula.read(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private double[] marked(String grader, List<Answer> arm) throws Exception {
    return marked(grader, null, arm);
  }

  private double[] marked(String grader, Scoring.@Nullable Judge judge, List<Answer> arm)
      throws Exception {
    Marks marks =
        Arms.marks(
            Arms.criteria(
                "grader", List.of(), Scoring.NONE.with(new Scoring.Graders(grader, judge, LIMITS))),
            arm,
            Arms.options(folder));
    return java.util.stream.IntStream.range(0, marks.items()).mapToDouble(marks::mark).toArray();
  }

  private void sandboxed() throws Exception {
    try {
      Arms.sandboxed(folder);
    } catch (Sandbox.Unusable here) {
      assumeTrue(false, here.getMessage());
    }
  }
}
