package io.fettle.activities.evaluation.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.asking.ScriptedServer.Reply;
import io.fettle.activities.serving.ModelServer.Completion;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostedModelTest {
  private static final String KEY = "sk-very-secret";
  private static final List<JsonNode> ASKED =
      List.of(Wire.mapper().createObjectNode().put("role", "user").put("content", "private words"));

  private ScriptedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void an_item_is_asked_with_the_key_at_temperature_zero_and_counted_in_tokens() throws Exception {
    Completion completion = answer();

    assertThat(completion.text()).isEqualTo("yes");
    assertThat(completion.promptTokens()).isEqualTo(7);
    assertThat(completion.answerTokens()).isEqualTo(3);
    assertThat(completion.seconds()).isPositive();
    var asked = server.asked().getFirst();
    assertThat(asked.authorization()).isEqualTo("Bearer " + KEY);
    assertThat(asked.body().path("model").asText()).isEqualTo("big");
    assertThat(asked.body().path("temperature").asDouble(1)).isZero();
    assertThat(asked.body().path("max_tokens").asInt()).isEqualTo(16);
  }

  @Test
  void a_busy_server_is_asked_again() throws Exception {
    AtomicInteger times = new AtomicInteger();
    server.answers(
        _ -> times.incrementAndGet() < 3 ? new Reply(429, "slow_down") : new Reply(200, "late"));

    assertThat(answer().text()).isEqualTo("late");
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void a_server_that_stays_broken_fails_in_a_way_that_a_later_try_may_mend() {
    server.answers(_ -> new Reply(503, "overloaded"));

    assertThatThrownBy(this::answer)
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("EngineFailed");
              assertThat(failure.isNonRetryable()).isFalse();
            })
        .hasMessageContaining("answered 503 (overloaded) after 3 attempts")
        .hasMessageNotContaining(KEY)
        .hasMessageNotContaining("private words");
  }

  @Test
  void a_wrong_key_fails_at_once_and_is_not_repeated() {
    server.answers(_ -> new Reply(401, "invalid_api_key"));

    assertThatThrownBy(this::answer)
        .isInstanceOfSatisfying(
            ApplicationFailure.class, failure -> assertThat(failure.isNonRetryable()).isTrue())
        .hasMessageContaining("evaluate.incumbent")
        .hasMessageContaining("401 (invalid_api_key)")
        .hasMessageNotContaining(KEY)
        .hasMessageNotContaining("private words");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void an_item_that_a_server_declines_has_an_empty_answer() throws Exception {
    server.answers(_ -> new Reply(400, "content_filter"));

    assertThat(answer().text()).isEmpty();
  }

  @Test
  void a_model_that_reasons_is_asked_under_the_names_that_it_takes() throws Exception {
    server.answers(
        body ->
            body.has("max_tokens")
                ? new Reply(400, "unsupported_parameter")
                : new Reply(200, "thought"));

    assertThat(answer().text()).isEqualTo("thought");
    assertThat(server.asked().getLast().body().path("max_completion_tokens").asInt()).isEqualTo(16);
    assertThat(server.asked().getLast().body().has("temperature")).isFalse();
  }

  @Test
  void a_model_is_sent_the_rows_tools_and_its_calls_are_the_answer() throws Exception {
    server.answersWith(
        _ ->
            """
            {"content": "Let me look.", "tool_calls": [{"id": "c1", "type": "function",
              "function": {"name": "order", "arguments": "{\\"id\\": 7}"}}]}
            """);

    Completion completion =
        answer(
            List.of(json("{'role': 'user', 'content': 'Where is order 7?'}")),
            List.of(json("{'function': {'name': 'order', 'parameters': {'type': 'object'}}}")));

    assertThat(json(completion.text()).at("/0/function/name").asText()).isEqualTo("order");
    assertThat(json(completion.text()).at("/0/function/arguments").asText())
        .isEqualTo("{\"id\": 7}");
    assertThat(server.asked().getFirst().body().path("tools"))
        .isEqualTo(
            json(
                "[{'function': {'name': 'order', 'parameters': {'type': 'object'}}, 'type': 'function'}]"));
    assertThat(server.asked().getFirst().body().has("tool_choice")).isFalse();
  }

  @Test
  void calls_of_earlier_turns_have_their_arguments_as_text_and_ids_that_their_answers_name()
      throws Exception {
    Completion _ =
        answer(
            List.of(
                json("{'role': 'user', 'content': 'Where is order 7?'}"),
                json(
                    "{'role': 'assistant', 'content': '', 'tool_calls': [{'function': {'name': 'order', 'arguments': {'id': 7}}}, {'id': 'mine', 'type': 'function', 'function': {'name': 'user', 'arguments': {}}}]}"),
                json("{'role': 'tool', 'content': 'sent'}"),
                json("{'role': 'tool', 'content': 'Ann', 'tool_call_id': 'mine'}")),
            List.of());

    JsonNode sent = server.asked().getFirst().body();
    assertThat(sent.has("tools")).isFalse();
    assertThat(sent.at("/messages/1/tool_calls/0/function/arguments").textValue())
        .isEqualTo("{\"id\":7}");
    assertThat(sent.at("/messages/1/tool_calls/0/type").asText()).isEqualTo("function");
    assertThat(sent.at("/messages/2/tool_call_id").asText())
        .isNotEmpty()
        .isEqualTo(sent.at("/messages/1/tool_calls/0/id").asText());
    assertThat(sent.at("/messages/3/tool_call_id").asText()).isEqualTo("mine");
  }

  private static JsonNode json(String text) throws IOException {
    return Wire.mapper()
        .readTree(text.startsWith("{'") || text.startsWith("[{'") ? text.replace('\'', '"') : text);
  }

  private Completion answer() throws InterruptedException {
    return answer(ASKED, List.of());
  }

  private Completion answer(List<JsonNode> messages, List<JsonNode> tools)
      throws InterruptedException {
    HostedOptions options =
        new HostedOptions(
            "evaluate.incumbent",
            URI.create(server.url()),
            "big",
            Optional.of(KEY),
            3,
            Duration.ofMillis(5),
            Duration.ofSeconds(10));
    try (HostedModel model = new HostedModel(options)) {
      return model.answer(messages, tools, 16);
    }
  }
}
