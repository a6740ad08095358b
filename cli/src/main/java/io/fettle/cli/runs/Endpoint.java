package io.fettle.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.serving.DeployWorkflow;
import io.fettle.workflows.serving.Engine;
import io.fettle.workflows.wire.Wire;
import io.fettle.workflows.wire.WorkflowIds;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * An endpoint that answers at its stable address.
 *
 * @param url base address, without {@code /v1}
 * @param model what requests put into {@code model}
 * @param modelId the immutable id of what serves, {@code {run}@{hash}}; empty if nothing does
 */
public record Endpoint(String name, URI url, String model, String modelId) {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(5);

  /** Asks the endpoint's entity workflow what serves there. */
  public static Endpoint of(WorkflowClient client, String name, URI url) {
    var state = client.newWorkflowStub(DeployWorkflow.class, WorkflowIds.deploy(name)).state();
    return new Endpoint(
        name,
        url,
        state.engine().map(Engine::modelName).orElse("model"),
        state.alias().map(alias -> alias.modelId()).orElse(""));
  }

  /** The run whose model serves; empty if none does. */
  public String run() {
    int at = modelId.indexOf('@');
    return at < 0 ? "" : modelId.substring(0, at);
  }

  /** The answer to a chat, greedily decoded. */
  public String ask(List<JsonNode> messages, int maxTokens) throws InterruptedException {
    var response = send(request(messages, maxTokens));
    if (response.statusCode() != 200) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "endpoint %s at %s answered %d: %s"
              .formatted(name, url, response.statusCode(), sentence(response.body())));
    }
    return parsed(response.body())
        .path("choices")
        .path(0)
        .path("message")
        .path("content")
        .asText("");
  }

  /** The request's body, as any OpenAI client would send it. */
  public ObjectNode request(List<JsonNode> messages, int maxTokens) {
    var body =
        Wire.mapper()
            .createObjectNode()
            .put("model", model)
            .put("max_tokens", maxTokens)
            .put("temperature", 0);
    body.putArray("messages").addAll(messages);
    return body;
  }

  /** A line that asks the same from a shell. */
  public String curl(List<JsonNode> messages, int maxTokens) {
    return "curl -s %s/v1/chat/completions -H 'content-type: application/json' -d '%s'"
        .formatted(url, request(messages, maxTokens).toString().replace("'", "'\\''"));
  }

  private HttpResponse<String> send(ObjectNode body) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(url.resolve("/v1/chat/completions"))
            .timeout(ANSWER)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8))
            .build();
    try (var http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException away) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "endpoint %s at %s does not answer (%s); `fettle status` says what runs; running its spec again loads the model"
              .formatted(name, url, away),
          away);
    }
  }

  private static String sentence(String body) {
    var message = parsed(body).path("error").path("message").asText(body);
    return message.length() <= 300 ? message : message.substring(0, 300);
  }

  private static JsonNode parsed(String body) {
    try {
      return Wire.mapper().readTree(body);
    } catch (IOException notJson) {
      return Wire.mapper().createObjectNode();
    }
  }
}
