package io.fettle.activities.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** An engine at an address. */
record OpenAiServer(URI url, String engine, String modelName, Path log) implements ModelServer {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private static final Duration ANSWER = Duration.ofMinutes(10);
  private static final double NANOS = 1e9;

  @Override
  public String loadAdapter(String name, Path adapter) throws EngineFailure, InterruptedException {
    ObjectNode body =
        Wire.mapper()
            .createObjectNode()
            .put("lora_name", name)
            .put("lora_path", adapter.toString());
    HttpResponse<String> response = timed("/v1/load_lora_adapter", body).response();
    boolean loaded =
        response.statusCode() == 200 || response.body().contains("already been loaded");
    if (!loaded) {
      throw refused("load adapter " + name, response);
    }
    return name;
  }

  @Override
  public Completion complete(ChatRequest request) throws EngineFailure, InterruptedException {
    ObjectNode body =
        Wire.mapper()
            .createObjectNode()
            .put("model", request.model())
            .put("max_tokens", request.maxTokens())
            .put("temperature", 0.0);
    body.putArray("messages").addAll(request.messages());
    request.form().forEach(body::set);
    if (!request.tools().isEmpty()) {
      body.putArray("tools").addAll(request.tools());
      body.put("tool_choice", "none"); // in the prompt, as in training; "auto" needs a parser
    }
    Timed timed = timed("/v1/chat/completions", body);
    HttpResponse<String> response = timed.response();
    if (response.statusCode() != 200) {
      throw refused("complete", response);
    }
    JsonNode answer = decoded(response.body());
    JsonNode usage = answer.path("usage");
    return new Completion(
        said(answer.path("choices").path(0).path("message")),
        usage.path("prompt_tokens").asInt(),
        usage.path("completion_tokens").asInt(),
        timed.seconds());
  }

  /** The text of a message, or the calls of tools that it holds instead, as JSON. */
  private static String said(JsonNode message) {
    String text = message.path("content").asText("");
    boolean calls = text.isBlank() && !message.path("tool_calls").isEmpty();
    return calls ? message.path("tool_calls").toString() : text;
  }

  /**
   * Whether it has generated a token: listing a model is not enough, since some fail only at the
   * first one.
   */
  boolean generates() throws InterruptedException {
    ObjectNode hello = Wire.mapper().createObjectNode().put("role", "user").put("content", "Hello");
    try {
      complete(new ChatRequest(modelName, java.util.List.of(hello), 1));
      return true;
    } catch (EngineFailure notYet) {
      return false;
    }
  }

  private record Timed(HttpResponse<String> response, double seconds) {}

  private Timed timed(String path, JsonNode body) throws EngineFailure, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(ANSWER)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8))
            .build();
    try {
      return sent(request);
    } catch (IOException away) {
      throw new EngineFailure(
          "%s at %s does not answer (%s); its log is %s".formatted(engine, url, away, log));
    }
  }

  /**
   * Engines close a connection that was idle for some seconds (vLLM's for five), in the moment, it
   * may be, in which the next request is sent on it. The client does not repeat a POST by itself;
   * ours may be.
   */
  private static Timed sent(HttpRequest request) throws IOException, InterruptedException {
    try {
      return once(request);
    } catch (ConnectException | HttpTimeoutException away) {
      throw away;
    } catch (IOException closed) {
      return once(request);
    }
  }

  private static Timed once(HttpRequest request) throws IOException, InterruptedException {
    long started = System.nanoTime();
    HttpResponse<String> response =
        HTTP.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Timed(response, (System.nanoTime() - started) / NANOS);
  }

  /**
   * An error's body may quote what was asked, which belongs into no history; its kind is enough.
   */
  private EngineFailure refused(String what, HttpResponse<String> response) {
    String kind = "";
    try {
      JsonNode error = Wire.mapper().readTree(response.body()).path("error");
      kind = error.path("type").asText("");
    } catch (IOException noJson) {
      kind = "no JSON";
    }
    return new EngineFailure(
        "%s answered %d %s to %s; its log is %s"
            .formatted(engine, response.statusCode(), kind, what, log));
  }

  private JsonNode decoded(String body) throws EngineFailure {
    try {
      return Wire.mapper().readTree(body);
    } catch (IOException e) {
      throw new EngineFailure("%s answered no JSON; its log is %s".formatted(engine, log));
    }
  }
}
