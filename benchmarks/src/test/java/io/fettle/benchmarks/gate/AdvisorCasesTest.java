package io.fettle.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.evaluation.advice.Advisor;
import io.fettle.activities.evaluation.advice.Evidence;
import io.fettle.activities.evaluation.advice.Evidence.Arm;
import io.fettle.activities.evaluation.advice.Evidence.Dated;
import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Labelled;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Probe;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Finding;
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
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the scripted model over its socket what arms and probes ask, and advises from that. */
class AdvisorCasesTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void each_of_the_twelve_cases_gets_its_advice() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (AdvisorCase one : AdvisorCases.of(1)) {
      Finding finding = advised(one);
      if (finding.advice() != one.expected()) {
        wrong.add("%s: %s, %s".formatted(one.name(), finding.advice(), finding.why()));
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void a_case_is_written_as_rows_and_documents() throws IOException {
    AdvisorCase one = AdvisorCases.of(1).getFirst();

    one.write(folder);

    assertThat(Files.readAllLines(folder.resolve("train.jsonl"))).hasSize(2_000);
    JsonNode row =
        Wire.mapper().readTree(Files.readAllLines(folder.resolve("dev.jsonl")).getFirst());
    assertThat(row.path("messages").path(1).path("role").asText()).isEqualTo("assistant");
    assertThat(folder.resolve("corpus/fees-2023-01-01.md")).exists();
    assertThat(AdvisorCases.of(1).getFirst().train()).isEqualTo(one.train());
  }

  @Test
  void equal_requests_get_equal_answers_and_a_bad_one_is_refused() throws Exception {
    AdvisorCase one = AdvisorCases.of(2).get(4);
    Row row = one.dev().getFirst();
    try (ScriptedServer server = new ScriptedServer(one.model())) {
      assertThat(answer(server, request(row, false)))
          .isEqualTo(answer(server, request(row, false)));
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
                        .apply(Asked.of(request(row, false).put("model", PlannedAnswers.TUNED)))
                        .equals(row.planned().right()))
            .count();

    assertThat(right / (double) one.train().size()).isBetween(0.97, 0.99);
  }

  private static Finding advised(AdvisorCase one) throws IOException, InterruptedException {
    try (ScriptedServer server = new ScriptedServer(one.model())) {
      Arm zero = new Arm(Way.ZERO_SHOT, 0, marks(server, one, _ -> {}));
      Arm few = new Arm(Way.FEW_SHOT, 2, marks(server, one, asked -> examples(one, asked)));
      List<Arm> arms = new ArrayList<>(List.of(zero, few));
      List<Probe> probes = new ArrayList<>();
      probes.add(new Probe(Kind.CONSTRAINED, marks(server, one, AdvisorCasesTest::constrain)));
      probes.add(
          new Probe(Kind.PROMPT, marks(server, one, asked -> system(asked, one.betterPrompt()))));
      if (!one.corpus().isEmpty()) {
        probes.add(new Probe(Kind.ORACLE, oracle(server, one)));
      }
      if (one.corpus().size() > 2) {
        arms.add(new Arm(Way.RAG, 0, oracle(server, one)));
      }
      return Advisor.advise(
          new Evidence(
              new Evidence.Bar(OptionalDouble.empty(), 0, 0.05),
              new Evidence.Readiness(
                  one.train().size(), one.dev().size(), List.of(), 0, 0, 0, noise(one)),
              arms,
              Optional.of(new Evidence.Probes(zero, probes)),
              List.of(),
              Advisor.knowledge(
                  one.corpus().entrySet().stream()
                      .map(file -> new Dated(file.getKey(), "", "", file.getValue()))
                      .toList()),
              Optional.empty()));
    }
  }

  private static Optional<Noise> noise(AdvisorCase one) {
    return one.spec().isEmpty()
        ? Optional.empty()
        : Advisor.labelNoise(
            one.train().stream()
                .map(row -> new Labelled(row.id(), row.planned().question(), row.answer()))
                .toList(),
            0.95,
            1);
  }

  private interface Change {
    void on(ObjectNode request);
  }

  private static List<Double> marks(ScriptedServer server, AdvisorCase one, Change change)
      throws IOException, InterruptedException {
    List<Double> marks = new ArrayList<>();
    for (Row row : one.dev()) {
      ObjectNode request = request(row, false);
      change.on(request);
      marks.add(answer(server, request).equals(row.answer()) ? 1.0 : 0.0);
    }
    return marks;
  }

  private static List<Double> oracle(ScriptedServer server, AdvisorCase one)
      throws IOException, InterruptedException {
    List<Double> marks = new ArrayList<>();
    for (Row row : one.dev()) {
      ObjectNode request = request(row, true);
      marks.add(answer(server, request).equals(row.answer()) ? 1.0 : 0.0);
    }
    return marks;
  }

  private static ObjectNode request(Row row, boolean passage) {
    ObjectNode request = Wire.mapper().createObjectNode().put("model", "scripted");
    String text = (passage ? row.planned().passage() + "\n\n" : "") + row.planned().text();
    request.putArray("messages").addObject().put("role", "user").put("content", text);
    return request;
  }

  private static void constrain(ObjectNode request) {
    request.putObject("response_format").put("type", "json_schema");
  }

  private static void system(ObjectNode request, String prompt) {
    request.withArray("messages").insertObject(0).put("role", "system").put("content", prompt);
  }

  private static void examples(AdvisorCase one, ObjectNode request) {
    for (Row row : one.train().subList(0, 2)) {
      request
          .withArray("messages")
          .insertObject(0)
          .put("role", "assistant")
          .put("content", row.answer());
      request
          .withArray("messages")
          .insertObject(0)
          .put("role", "user")
          .put("content", row.planned().text());
    }
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
