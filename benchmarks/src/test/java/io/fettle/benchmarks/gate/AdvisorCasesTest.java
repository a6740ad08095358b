package io.fettle.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.benchmarks.gate.AdvisorCase.Row;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdvisorCasesTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void each_of_the_twelve_cases_gets_its_advice() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (AdvisorCase one : AdvisorCases.of(1)) {
      AdvisorPlay.Told told = AdvisorPlay.of(one, folder.resolve(one.name()));
      if (told.advice() != one.expected()) {
        wrong.add("%s: %s, %s".formatted(one.name(), told.advice(), told.why()));
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void a_case_is_written_as_rows_and_documents() throws IOException {
    AdvisorCase one = AdvisorCases.of(1).getFirst();

    one.write(folder);

    assertThat(Files.readAllLines(folder.resolve("dataset/train.jsonl"))).hasSize(2_000);
    JsonNode row =
        Wire.mapper().readTree(Files.readAllLines(folder.resolve("dataset/dev.jsonl")).getFirst());
    assertThat(row.path("messages").path(1).path("role").asText()).isEqualTo("assistant");
    assertThat(folder.resolve("corpus/fees-2023-01-01.md")).exists();
    assertThat(AdvisorCases.of(1).getFirst().train()).isEqualTo(one.train());
  }

  @Test
  void equal_requests_get_equal_answers_and_a_bad_one_is_refused() throws Exception {
    AdvisorCase one = AdvisorCases.of(2).get(4);
    Row row = one.dev().getFirst();
    try (ScriptedServer server = new ScriptedServer(one.model())) {
      assertThat(answer(server, request(row))).isEqualTo(answer(server, request(row)));
      assertThat(server.answered()).isEqualTo(2);
      ObjectNode empty = Wire.mapper().createObjectNode();
      empty.putArray("messages");
      assertThat(post(server, empty).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void answers_err_as_often_as_they_were_told_to() {
    AdvisorCase one = AdvisorCases.of(3).get(3);
    long right =
        one.train().stream()
            .filter(
                row ->
                    one.model()
                        .apply(Asked.of(request(row).put("model", PlannedAnswers.TUNED)))
                        .equals(row.planned().right()))
            .count();

    assertThat(right / (double) one.train().size()).isBetween(0.97, 0.99);
  }

  private static ObjectNode request(Row row) {
    ObjectNode request = Wire.mapper().createObjectNode().put("model", "scripted");
    request
        .putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", row.planned().text());
    return request;
  }

  private static String answer(ScriptedServer server, ObjectNode request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = post(server, request);
    return Wire.mapper()
        .readTree(response.body())
        .path("choices")
        .path(0)
        .path("message")
        .path("content")
        .asText();
  }

  private static HttpResponse<String> post(ScriptedServer server, ObjectNode request)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(server.url().resolve("/v1/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
