package io.fettle.activities.evaluation.asking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.chat.Replies;
import io.fettle.activities.serving.ModelServer.Completion;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A model behind the OpenAI API, asked at temperature 0. A busy or broken server (429, 5xx, no
 * connection) is asked again, later each time, or when it says; an item that it will not answer
 * (400, 422: too long, or against its rules) has an empty answer of no tokens. Safe for concurrent
 * use.
 *
 * <p>No failure holds the key, nor a server's prose, which may quote what it was asked.
 */
public final class HostedModel implements AutoCloseable {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int UNPROCESSABLE = 422;
  private static final double NANOS = 1e9;

  private final HostedOptions options;
  private final HttpClient http;
  private final URI url;
  private volatile boolean reasons;

  public HostedModel(HostedOptions options) {
    this.options = options;
    this.url = URI.create(options.url() + "/chat/completions");
    this.http = Replies.client();
  }

  /**
   * One answer; its seconds are those of the attempt that succeeded.
   *
   * @param messages as rows have them
   * @param tools that the model may call, as rows have them; it chooses, by the API's {@code auto}
   * @return a call of tools as the API's {@code tool_calls}, in JSON; the text where it calls none
   * @throws io.temporal.failure.ApplicationFailure {@code BAD_CONFIG} where the server refuses key,
   *     model or address; {@code ENGINE_FAILED} where it stays busy, broken or away
   */
  public Completion answer(List<JsonNode> messages, List<JsonNode> tools, int maxTokens)
      throws InterruptedException {
    Duration pause = options.pause();
    for (int attempt = 1; ; attempt++) {
      String trouble;
      Duration wait = pause;
      try {
        boolean asReasoning = reasons;
        HttpRequest request = request(messages, tools, maxTokens, asReasoning);
        long started = System.nanoTime();
        HttpResponse<String> response =
            http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        double seconds = (System.nanoTime() - started) / NANOS;
        if (response.statusCode() == OK) {
          return completion(response.body(), seconds);
        }
        if (!asReasoning && wantsOtherNames(response)) {
          reasons = true;
          continue;
        }
        if (isUnanswerable(response.statusCode())) {
          return new Completion("", 0, 0, seconds);
        }
        trouble = trouble(response);
        wait = Replies.pause(pause, response);
      } catch (IOException away) {
        trouble = "does not answer (%s)".formatted(away.getClass().getSimpleName());
      }
      if (attempt >= options.attempts()) {
        throw FailureType.ENGINE_FAILED.failure(
            "%s %s after %d attempts; see that the server is up and allows this many requests"
                .formatted(options, trouble, attempt));
      }
      Thread.sleep(wait);
      pause = Replies.next(pause);
    }
  }

  /** Models that reason name the limit otherwise, and take no temperature. */
  private HttpRequest request(
      List<JsonNode> messages, List<JsonNode> tools, int maxTokens, boolean asReasoning) {
    ObjectNode body = Wire.mapper().createObjectNode().put("model", options.model());
    if (asReasoning) {
      body.put("max_completion_tokens", maxTokens);
    } else {
      body.put("max_tokens", maxTokens).put("temperature", 0.0);
    }
    body.putArray("messages").addAll(Tools.turns(messages));
    if (!tools.isEmpty()) {
      body.putArray("tools").addAll(Tools.declared(tools));
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(options.answer())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8));
    options.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request.build();
  }

  private static boolean wantsOtherNames(HttpResponse<String> response) {
    return response.statusCode() == BAD_REQUEST && Replies.names(response).contains("unsupported_");
  }

  private static boolean isUnanswerable(int status) {
    return status == BAD_REQUEST || status == UNPROCESSABLE;
  }

  /**
   * What went wrong in a way that may pass. What will not, is thrown: a wrong key, model or address
   * is the same for every item.
   */
  private String trouble(HttpResponse<String> response) {
    int status = response.statusCode();
    String names = Replies.names(response);
    String trouble = "answered %d%s".formatted(status, names.isEmpty() ? "" : " (" + names + ")");
    if (!Replies.mayPass(status)) {
      throw FailureType.BAD_CONFIG.failure(
          "%s %s; correct its url, model or key in the spec, or set the key's variable where the workers start"
              .formatted(options, trouble));
    }
    return trouble;
  }

  private static Completion completion(String body, double seconds) throws IOException {
    JsonNode answer = Wire.mapper().readTree(body);
    JsonNode usage = answer.path("usage");
    return new Completion(
        Tools.said(answer.path("choices").path(0).path("message")),
        usage.path("prompt_tokens").asInt(),
        usage.path("completion_tokens").asInt(),
        seconds);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
