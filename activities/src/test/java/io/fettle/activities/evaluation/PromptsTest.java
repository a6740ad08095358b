package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Criteria;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptsTest {
  private static final Criteria TOLD =
      new Criteria(
          1,
          "classification",
          "accuracy",
          List.of("a", "b"),
          "Answer a or b.",
          16,
          4,
          List.of(2),
          0.1,
          0.1,
          0.05,
          1_000,
          42,
          null,
          null,
          Optional.empty());

  @TempDir private Path folder;

  @Test
  void an_item_is_a_row_without_its_last_answer() throws IOException {
    Item item = items("q1", "a1").getFirst();

    assertThat(item.reference()).isEqualTo("a1");
    assertThat(item.question())
        .extracting(turn -> turn.path("role").asText())
        .containsExactly("system", "user");
  }

  @Test
  void an_item_whose_answer_is_a_call_refers_to_the_call() throws IOException {
    Path rows = folder.resolve("calls.jsonl");
    Files.writeString(
        rows,
        """
        {"id": "1", "tools": [{"type": "function", "function": {"name": "book"}}], "messages": [{"role": "user", "content": "Book."},
         {"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "book"}}]}]}
        """
                .replace("\n", "")
            + "\n");

    Item item = Item.read(rows).getFirst();
    assertThat(item.reference()).isEqualTo("[{\"function\":{\"name\":\"book\"}}]");
    assertThat(item.tools()).hasSize(1);
  }

  @Test
  void examples_stand_as_turns_between_the_system_turn_and_the_question() throws IOException {
    List<Item> train = items("q1", "a1", "q2", "a2", "q3", "a3");
    List<JsonNode> messages =
        new Prompts(Arm.FEW_SHOT, TOLD, Prompts.random(TOLD, train, 2))
            .of(items("q", "a").getFirst())
            .messages();

    assertThat(messages)
        .extracting(turn -> turn.path("role").asText())
        .containsExactly("system", "user", "assistant", "user", "assistant", "user");
    assertThat(messages.getLast().path("content").asText()).isEqualTo("q");
  }

  @Test
  void only_prompted_arms_are_told_the_labels() throws IOException {
    Item item = items("q", "a").getFirst();

    assertThat(
            new Prompts(Arm.ZERO_SHOT, TOLD, Context.NONE)
                .of(item)
                .messages()
                .getFirst()
                .path("content")
                .asText())
        .isEqualTo("be brief\n\nAnswer a or b.");
    assertThat(
            new Prompts(Arm.SERVED, TOLD, Context.NONE)
                .of(item)
                .messages()
                .getFirst()
                .path("content")
                .asText())
        .isEqualTo("be brief");
  }

  @Test
  void an_interrupted_answers_file_goes_on_after_its_last_whole_line() throws IOException {
    Path file = folder.resolve("answers.jsonl");
    AnswerFile answers = new AnswerFile(file);
    answers.append(line("x", "y"));
    Files.writeString(file, Files.readString(file) + "{\"id\":\"torn");

    assertThat(answers.read()).containsOnlyKeys("x/y");
    answers.append(line("p", "q"));
    assertThat(new AnswerFile(file).read()).containsOnlyKeys("x/y", "p/q");
  }

  private List<Item> items(String... questionsAndAnswers) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < questionsAndAnswers.length; i += 2) {
      rows.append(
          """
          {"id":"%d","messages":[{"role":"system","content":"be brief"},{"role":"user","content":"%s"},{"role":"assistant","content":"%s"}]}
          """
              .formatted(i, questionsAndAnswers[i], questionsAndAnswers[i + 1]));
    }
    Path file = Files.writeString(Files.createTempFile(folder, "rows", ".jsonl"), rows);
    return Item.read(file);
  }

  private static AnswerLine line(String answer, String reference) {
    return new AnswerLine(
        answer + "/" + reference,
        answer,
        reference,
        0.1,
        10,
        2,
        java.util.Optional.empty(),
        List.of());
  }
}
