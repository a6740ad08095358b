package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.evaluation.asking.ScriptedServer;
import io.fettle.activities.evaluation.asking.ScriptedServer.Reply;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.Retrieval;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each arm through its step: real embeddings and index, a server or engine that echoes. */
@Timeout(120)
class ArmsTest {
  @TempDir private Path home;
  private ArmFixture arms;

  @BeforeEach
  void rows() throws IOException {
    arms =
        new ArmFixture(home)
            .train("My card has not come yet", "card_arrival")
            .train("How do I top up with cash?", "top_up")
            .train("I forgot my passcode", "passcode")
            .train("When will the new card be delivered?", "card_arrival")
            .train("What does it cost to send money abroad?", "fee")
            .dev("Still waiting for the card you sent", "card_arrival")
            .test("The card is still not here", "card_arrival")
            .test("How much do transfers to other countries cost?", "fee");
  }

  @AfterEach
  void close() throws Exception {
    arms.close();
  }

  @Test
  void the_nearest_training_rows_stand_before_the_question_the_nearest_last() throws IOException {
    Answers answers =
        arms.answers(Arm.FEW_SHOT, Part.TEST, 2, "nearest", "{few_shot: {choose: [nearest]}}");

    assertThat(arms.lines(answers).getFirst().answer())
        .isEqualTo(
            "user: When will the new card be delivered?|assistant: card_arrival"
                + "|user: My card has not come yet|assistant: card_arrival"
                + "|user: The card is still not here");
    assertThat(arms.lines(answers))
        .extracting(line -> line.retrieved().getFirst())
        .containsExactly("train:1", "train:5");
    assertThat(answers.retrieval()).contains(new Retrieval(5, 0, 2, 2));
    assertThat(answers.variant()).isEqualTo("nearest");
  }

  @Test
  void examples_at_random_are_the_same_for_every_item() throws IOException {
    List<AnswerLine> lines = arms.lines(arms.answers(Arm.FEW_SHOT, Part.TEST, 2, "", "{}"));

    assertThat(prefix(lines.get(0))).isEqualTo(prefix(lines.get(1)));
    assertThat(lines).allSatisfy(line -> assertThat(line.retrieved()).isEmpty());
  }

  private static String prefix(AnswerLine line) {
    return line.answer().substring(0, line.answer().lastIndexOf("|user: "));
  }

  @Test
  void passages_of_documents_stand_in_the_system_turn_without_those_that_hold_an_item()
      throws IOException {
    Path documents = Files.createDirectories(home.resolve("help"));
    Files.writeString(documents.resolve("fees.md"), "Sending money abroad has a fee of 1 percent.");
    Files.writeString(documents.resolve("cards.txt"), "Cards arrive within ten days.");
    Files.writeString(
        documents.resolve("leak.txt"), "How much do transfers to other countries cost?");

    Answers answers =
        arms.answers(
            Arm.RAG, Part.TEST, 0, "", "{rag: {corpus: help, k: 1, retriever: embeddings}}");

    List<AnswerLine> lines = arms.lines(answers);
    assertThat(lines.get(0).answer())
        .isEqualTo(
            "system: These passages may help with the question:\n\n[1] Cards arrive within ten days."
                + "|user: The card is still not here");
    assertThat(lines.get(1).retrieved()).containsExactly("fees.md#1");
    assertThat(answers.retrieval()).contains(new Retrieval(2, 1, 1, 2));
  }

  @Test
  void training_rows_are_a_corpus_too_and_recall_is_that_of_their_labels() throws IOException {
    Answers answers =
        arms.answers(
            Arm.RAG,
            Part.TEST,
            0,
            "",
            "{task: classification, labels: [card_arrival, top_up, passcode, fee], rag: {corpus: train, k: 2}}");

    assertThat(arms.lines(answers).getFirst().answer())
        .startsWith("system: Answer with exactly one of these labels")
        .contains("[1] My card has not come yet\ncard_arrival");
    assertThat(answers.retrieval()).contains(new Retrieval(5, 0, 2, 2));
  }

  @Test
  void passages_that_the_engine_has_no_room_for_are_not_shown() throws IOException {
    Files.writeString(home.resolve("long.txt"), "card ".repeat(400));

    Answers answers =
        arms.answers(
            Arm.RAG,
            Part.TEST,
            0,
            "",
            "{max_tokens: 256, rag: {corpus: long.txt, k: 8, chunk_words: 50, retriever: bm25}}");

    assertThat(arms.lines(answers).getFirst().retrieved()).hasSize(2); // (512 - 256) / 2 words
  }

  @Test
  void another_model_and_what_answers_today_are_asked_at_their_addresses() throws Exception {
    try (var server = new ScriptedServer()) {
      server.answers(_ -> new Reply(200, "fee"));
      String evaluate =
          """
          {task: classification, labels: [fee, card_arrival], incumbent: {url: "%s", model: old},
           others: [{name: big, url: "%s", model: big-1, key: {secret: OTHER_KEY}, price_in: 2}]}
          """
              .formatted(server.url(), server.url())
              .replace("\n", " ");

      Answers hosted = arms.answers(Arm.HOSTED, Part.TEST, 0, "big", evaluate);
      Answers incumbent = arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", evaluate);

      assertThat(arms.lines(hosted).get(1))
          .satisfies(line -> assertThat(line.answer()).isEqualTo("fee"))
          .satisfies(line -> assertThat(line.promptTokens()).isEqualTo(7))
          .satisfies(line -> assertThat(line.seconds()).isPositive());
      assertThat(server.asked().getFirst().authorization()).isEqualTo("Bearer sk-very-secret");
      assertThat(server.asked().getFirst().body().at("/messages/0/content").asText())
          .startsWith("Answer with exactly one of these labels");
      assertThat(server.asked().getLast().authorization()).isEqualTo("null");
      assertThat(server.asked().getLast().body().path("messages")).hasSize(1);
      assertThat(hosted.engine()).isEqualTo("big-1 at " + server.url());
      assertThat(incumbent.arm()).isEqualTo(Arm.INCUMBENT);
      assertThat(arms.answers(Arm.HOSTED, Part.TEST, 0, "big", evaluate).reused()).isTrue();
    }
  }

  @Test
  void another_model_is_told_of_a_rows_tools_and_its_calls_are_its_answer() throws Exception {
    arms.test(
        "{'id': 'test:tools', 'tools': [{'type': 'function', 'function': {'name': 'order'}}], 'messages': ["
            + "{'role': 'user', 'content': 'Where is order 7?'}, {'role': 'assistant', 'content': '', 'tool_calls': ["
            + "{'type': 'function', 'function': {'name': 'order', 'arguments': {'id': 7}}}]}]}");
    try (var server = new ScriptedServer()) {
      server.answersWith(
          body ->
              body.has("tools")
                  ? "{\"tool_calls\": [{\"function\": {\"name\": \"order\", \"arguments\": \"{}\"}}]}"
                  : "{\"content\": \"none\"}");
      String evaluate =
          "{task: tool_calls, others: [{name: big, url: \"%s\", model: m}]}"
              .formatted(server.url());

      List<AnswerLine> lines = arms.lines(arms.answers(Arm.HOSTED, Part.TEST, 0, "big", evaluate));

      assertThat(lines).extracting(AnswerLine::answer).startsWith("none", "none");
      assertThat(lines.getLast().answer()).startsWith("[{\"function\"").contains("order");
      assertThat(lines.getLast().reference()).contains("\"order\"");
    }
  }

  @Test
  void under_changed_criteria_every_arm_is_asked_anew_and_no_older_answer_is_taken()
      throws Exception {
    try (var server = new ScriptedServer()) {
      String incumbent = "incumbent: {url: \"%s\", model: old}".formatted(server.url());
      String strict = "{gate: {superiority_margin: 0.05}, %s}".formatted(incumbent);
      String lax = "{gate: {superiority_margin: 0.1}, %s}".formatted(incumbent);
      server.answers(_ -> new Reply(200, "before"));
      Answers before = arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", strict);
      Answers prompted = arms.answers(Arm.ZERO_SHOT, Part.TEST, 0, "", strict);
      server.answers(_ -> new Reply(200, "after"));

      Answers after = arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", lax);

      assertThat(arms.lines(after)).extracting(AnswerLine::answer).containsOnly("after");
      assertThat(after.reused()).isFalse();
      assertThat(after.criteriaSha256()).isNotEqualTo(before.criteriaSha256());
      assertThat(arms.answers(Arm.ZERO_SHOT, Part.TEST, 0, "", strict).reused()).isTrue();
      assertThat(prompted.reused()).isFalse();
      assertThat(arms.answers(Arm.ZERO_SHOT, Part.TEST, 0, "", lax).reused()).isFalse();
    }
  }

  @Test
  void what_the_endpoint_serves_is_asked_and_again_once_it_serves_another_model() throws Exception {
    String evaluate = "{incumbent: {endpoint: auto}}";
    try (var server = new ScriptedServer()) {
      server.answers(_ -> new Reply(200, "fee"));
      arms.anEngine("endpoint:a", server.url());
      serve("a", 1, "triage-1@aaa", server.url().replace("/v1", ""));
      Answers first = arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", evaluate);
      Answers again = arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", evaluate);
      server.answers(_ -> new Reply(200, "passcode"));
      serve("a", 2, "triage-2@bbb", server.url().replace("/v1", ""));

      Answers newer = arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", evaluate);

      assertThat(first.engine())
          .isEqualTo("triage-1@aaa, version 1 of endpoint a, at " + server.url());
      assertThat(server.asked().getFirst().body().path("model").asText()).isEqualTo("/models/x");
      assertThat(again.reused()).isTrue();
      assertThat(arms.lines(newer)).extracting(AnswerLine::answer).containsOnly("passcode");
      assertThat(newer.criteriaSha256())
          .as("a deploy opens no series")
          .isEqualTo(first.criteriaSha256());
    }
  }

  @Test
  void an_endpoint_that_is_away_ends_the_arm_with_its_name_and_the_fix() throws Exception {
    try (var server = new ScriptedServer()) {
      server.answers(_ -> new Reply(503, "away"));
      arms.anEngine("endpoint:support", server.url());
      serve("support", 3, "triage-1@aaa", server.url().replace("/v1", ""));

      assertThatThrownBy(
              () ->
                  arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", "{incumbent: {endpoint: support}}"))
          .rootCause()
          .hasMessageContaining("triage-1@aaa, version 3 of endpoint support, has no engine")
          .hasMessageContaining("--set evaluate.incumbent=null");
    }
  }

  @Test
  void another_endpoints_engine_at_the_aliass_port_is_not_taken_for_the_incumbent()
      throws Exception {
    try (var server = new ScriptedServer()) {
      server.answers(_ -> new Reply(200, "fee"));
      arms.anEngine("endpoint:other", server.url());
      serve("a", 1, "triage-1@aaa", server.url().replace("/v1", ""));

      assertThatThrownBy(
              () -> arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", "{incumbent: {endpoint: auto}}"))
          .rootCause()
          .hasMessageContaining("triage-1@aaa, version 1 of endpoint a, has no engine");
      assertThat(server.asked()).as("nobody asks a stranger").isEmpty();
    }
  }

  @Test
  void an_endpoint_that_has_gone_away_is_found_before_training_though_its_dev_answers_are_kept()
      throws Exception {
    String evaluate = "{incumbent: {endpoint: auto}}";
    try (var server = new ScriptedServer()) {
      server.answers(_ -> new Reply(200, "fee"));
      arms.anEngine("endpoint:a", server.url());
      serve("a", 1, "triage-1@aaa", server.url().replace("/v1", ""));
      Answers _ = arms.answers(Arm.INCUMBENT, Part.DEV, 0, "", evaluate);
      Answers _ = arms.answers(Arm.INCUMBENT, Part.TEST, 0, "", evaluate);
      assertThat(arms.found(Arm.INCUMBENT, Part.DEV, evaluate)).isPresent();

      server.answers(_ -> new Reply(503, "away"));

      assertThat(arms.found(Arm.INCUMBENT, Part.DEV, evaluate)).isEmpty();
      assertThat(arms.found(Arm.INCUMBENT, Part.TEST, evaluate)).isPresent();
      assertThatThrownBy(() -> arms.answers(Arm.INCUMBENT, Part.DEV, 0, "", evaluate))
          .rootCause()
          .hasMessageContaining("has no engine");
    }
  }

  private void serve(String endpoint, int version, String model, String url) throws IOException {
    var alias = new Alias(endpoint, version, model, url, "/models/x");
    arms.store.put(
        "endpoints/%s/%06d.json".formatted(endpoint, version),
        Wire.mapper().writeValueAsBytes(alias));
  }

  @Test
  void a_key_is_in_no_blob_of_the_store() throws Exception {
    try (var server = new ScriptedServer()) {
      Answers _ =
          arms.answers(
              Arm.HOSTED,
              Part.TEST,
              0,
              "big",
              "{others: [{name: big, url: \"%s\", model: m, key: {secret: OTHER_KEY}}]}"
                  .formatted(server.url()));
    }
    for (var object : arms.store.list("")) {
      assertThat(new String(arms.store.find(object.key()).orElseThrow(), StandardCharsets.UTF_8))
          .as(object.key())
          .doesNotContain("sk-very-secret");
    }
  }

  @Test
  void a_key_that_is_not_set_and_a_server_that_declines_every_item_end_with_the_fix()
      throws Exception {
    try (var server = new ScriptedServer()) {
      assertThatThrownBy(
              () ->
                  arms.answers(
                      Arm.HOSTED,
                      Part.TEST,
                      0,
                      "big",
                      "{others: [{name: big, url: \"%s\", model: m, key: {secret: NOT_SET}}]}"
                          .formatted(server.url())))
          .rootCause()
          .hasMessageContaining("names the key NOT_SET, which is not set here; set the variable");
      for (int i = 0; i < 10; i++) {
        arms.test("question " + i, "fee");
      }
      server.answers(_ -> new Reply(422, "nope"));
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(
                () ->
                    arms.answers(
                        Arm.INCUMBENT,
                        Part.TEST,
                        0,
                        "",
                        "{incumbent: {url: \"%s\", model: old}}".formatted(server.url())))
            .rootCause()
            .hasMessageContaining("gave no answer to 12 of 12 items");
      }
    }
  }

  @Test
  void a_linear_model_on_embeddings_answers_with_a_label_in_no_tokens() throws IOException {
    Answers answers =
        arms.answers(Arm.CLASSICAL, Part.TEST, 0, "", "{task: classification, classical: true}");

    assertThat(arms.lines(answers))
        .extracting(AnswerLine::answer)
        .containsExactly("card_arrival", "fee");
    assertThat(arms.lines(answers).getFirst().answerTokens()).isZero();
    assertThat(answers.engine()).startsWith("logistic regression on all-MiniLM-L6-v2, 4 labels");
  }
}
