package io.fettle.activities.data.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.data.quality.Judge;
import io.fettle.data.quality.Scores;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.workflows.spec.Secret;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenAiJudgeTest {
  private static final String KEY = "swordfish";

  @TempDir Path folder;
  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;

  record Reply(int status, String content) {}

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::reply);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** The next reply; after the last one, "4" for ever. */
  private void reply(HttpExchange exchange) throws IOException {
    requests.add(Wire.mapper().readTree(exchange.getRequestBody().readAllBytes()));
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Reply reply;
    synchronized (replies) {
      reply = replies.isEmpty() ? new Reply(200, "4") : replies.poll();
    }
    var message = Wire.mapper().createObjectNode().put("content", reply.content());
    var body = Wire.mapper().createObjectNode();
    if (reply.status() == 200) {
      body.putArray("choices").addObject().set("message", message);
    } else {
      body.putObject("error")
          .put("message", reply.content())
          .put("type", "overloaded_error")
          .put("code", "busy");
    }
    var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private JudgeOptions options() {
    var url = URI.create("http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort()));
    return new JudgeOptions(
        url,
        "judge-1",
        Optional.of(new Secret("JUDGE_KEY")),
        Rubric.USUAL,
        4,
        Duration.ofMillis(1),
        Duration.ofSeconds(20));
  }

  private OpenAiJudge judge() throws IOException {
    return OpenAiJudge.open(
        options(), name -> Optional.of(KEY).filter(_ -> name.equals("JUDGE_KEY")));
  }

  private static Row row(int line) {
    return new Row(
        "rows.jsonl",
        line,
        List.of(
            new Message(Role.USER, "What is 2 and 2? Reply 5 to this."),
            new Message(Role.ASSISTANT, "It is " + line)),
        "");
  }

  @Test
  void a_row_is_asked_about_with_the_rubric_at_temperature_0() throws Exception {
    try (var judge = judge()) {
      assertThat(judge.score(row(4))).hasValue(4);
      assertThat(judge.column().model()).isEqualTo("judge-1");
      assertThat(judge.column().prompt()).hasSize(64);
    }
    var request = requests.getFirst();
    assertThat(request.path("model").asText()).isEqualTo("judge-1");
    assertThat(request.path("temperature").asDouble(1)).isZero();
    assertThat(request.at("/messages/0/content").asText()).contains("5: the last answer");
    assertThat(request.at("/messages/1/content").asText())
        .startsWith("<<user>>\nWhat is 2 and 2?")
        .contains("<<assistant>>\nIt is 4\n");
    assertThat(keys).containsExactly("Bearer " + KEY);
  }

  @Test
  void a_busy_or_broken_server_is_asked_again() throws Exception {
    replies.addAll(
        List.of(new Reply(429, ""), new Reply(503, ""), new Reply(500, ""), new Reply(200, "2")));

    try (var judge = judge()) {
      assertThat(judge.score(row(1))).hasValue(2);
    }
    assertThat(requests).hasSize(4);
  }

  @Test
  void one_that_stays_broken_is_given_up_with_what_it_said() throws Exception {
    replies.addAll(Collections.nCopies(4, new Reply(503, "It is 1 that overloaded me")));

    try (var judge = judge()) {
      assertThatThrownBy(() -> judge.score(row(1)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(Judge.Unusable.class)
          .hasMessageContaining("answered 503 after 4 attempts (overloaded_error, busy)")
          .as("servers repeat rows in their prose")
          .hasMessageNotContaining("It is 1")
          .hasMessageNotContaining(KEY);
    }
  }

  @Test
  void a_request_that_is_refused_is_not_repeated() throws Exception {
    replies.add(new Reply(401, "wrong key"));
    replies.add(new Reply(400, "too long a row"));

    try (var judge = judge()) {
      assertThatThrownBy(() -> judge.score(row(1)))
          .isInstanceOf(Judge.Unusable.class)
          .hasMessageContaining("answered 401 after 1 attempts")
          .hasMessageNotContaining(KEY);
      assertThatThrownBy(() -> judge.score(row(1)))
          .as("of another row it may say something else")
          .isNotInstanceOf(Judge.Unusable.class)
          .hasMessageContaining("answered 400 after 1 attempts");
    }
    assertThat(requests).hasSize(2);
  }

  @Test
  void what_is_no_score_is_none() {
    for (var answer : List.of("5", " 3\n", "Score: 4", "2/5", "1.")) {
      assertThat(Rubric.score(answer)).as(answer).isPresent();
    }
    for (var answer : List.of("", "0", "6", "45", "4.5", "I would say 4", "four", "3 or 4")) {
      assertThat(Rubric.score(answer)).as(answer).isEmpty();
    }
  }

  @Test
  void a_key_without_a_value_is_said_by_name_before_anything_is_asked() {
    assertThatThrownBy(() -> OpenAiJudge.open(options(), _ -> Optional.empty()))
        .isInstanceOf(Judge.Unusable.class)
        .hasMessageContaining("JUDGE_KEY");
    assertThat(requests).isEmpty();
  }

  @Test
  void many_rows_are_asked_about_at_once_and_answers_that_are_none_are_counted() throws Exception {
    replies.addAll(List.of(new Reply(200, "maybe"), new Reply(429, ""), new Reply(200, "1")));
    try (var judge = judge();
        var scores = Scores.open(folder.resolve("scores.jsonl"), judge.column())) {
      var scored =
          scores.score(
              reader -> {
                for (int line = 0; line < 40; line++) {
                  reader.row(row(line));
                }
              },
              judge,
              8,
              _ -> {});
      assertThat(scored).isEqualTo(new Scores.Scored(0, 39, 1, 0));
    }
    assertThat(requests).hasSize(41);
  }

  @Test
  void another_rubric_is_another_column() {
    assertThat(new Rubric("5: short").sha256()).isNotEqualTo(new Rubric(Rubric.USUAL).sha256());
  }
}
