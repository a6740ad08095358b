package io.fettle.activities.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.spec.Secret;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * A model behind the OpenAI API. A busy or broken server (429, 5xx, no connection) is asked again,
 * later each time, or when it says. What was asked, the key, and what an error says in prose are in
 * no message. For use by several threads.
 */
public final class Chat implements AutoCloseable {
  private static final int OK = 200;

  /** Wrong key, no such model or address: what is said of one thing is said of all. */
  private static final Set<Integer> REFUSED = Set.of(301, 302, 307, 308, 401, 403, 404, 405);

  private final ChatOptions options;
  private final Optional<String> key;
  private final HttpClient http;
  private final URI url;

  private Chat(ChatOptions options, Optional<String> key) {
    this.options = options;
    this.key = key;
    this.url = URI.create(options.url() + "/chat/completions");
    this.http = Replies.client();
  }

  /**
   * What is asked.
   *
   * @param temperature 0: its likeliest words
   * @param maxTokens the answer's length at most
   * @param seed of the answer's sampling, where the server heeds one
   */
  public record Question(
      String system, String user, double temperature, int maxTokens, OptionalLong seed) {}

  /** Nothing can be asked: no key, a wrong one, no such model or address. */
  public static final class Unusable extends IOException {
    private static final long serialVersionUID = 1;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * A model that has not been asked yet.
   *
   * @param secrets the value of a name; empty where there is none
   * @throws Unusable if the key is named and has no value
   */
  public static Chat open(ChatOptions options, Function<String, Optional<String>> secrets)
      throws Unusable {
    if (options.key().isEmpty()) {
      return new Chat(options, Optional.empty());
    }
    var name = options.key().map(Secret::secret).orElseThrow();
    var value = secrets.apply(name);
    if (value.isEmpty()) {
      throw new Unusable(
          "the %s's key %s is not set on this host; set the variable, start the process that asks again, and run again"
              .formatted(options.name(), name));
    }
    return new Chat(options, value);
  }

  /**
   * What the model answers.
   *
   * @return its text; empty where the answer is no JSON
   * @throws Unusable where nothing more should be asked
   * @throws Refused where this is not to be asked, as by a filter of contents
   * @throws IOException where the server is away or busy, after what attempts are made
   */
  public Optional<String> ask(Question question) throws IOException, InterruptedException {
    var request = request(question);
    var pause = options.pause();
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt >= options.attempts();
      try {
        var response =
            http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() == OK) {
          return text(response.body());
        }
        if (REFUSED.contains(response.statusCode())) {
          throw new Unusable(refusal(response, attempt));
        }
        if (!Replies.mayPass(response.statusCode())) {
          throw new Refused(refusal(response, attempt));
        }
        if (last) {
          throw new GivenUp(refusal(response, attempt));
        }
        Thread.sleep(Replies.pause(pause, response));
      } catch (Unusable | Refused | GivenUp refused) {
        throw refused;
      } catch (IOException broken) {
        if (last) {
          throw new IOException(
              "the %s at %s cannot be reached, %d attempts: %s"
                  .formatted(options.name(), url, attempt, broken.getMessage()),
              broken);
        }
        Thread.sleep(pause);
      }
      pause = Replies.next(pause);
    }
  }

  /** This one question was refused; another one may be answered. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /** Asked as often as is sensible. */
  private static final class GivenUp extends IOException {
    private static final long serialVersionUID = 1;

    GivenUp(String message) {
      super(message);
    }
  }

  private HttpRequest request(Question question) {
    ObjectNode body =
        Wire.mapper()
            .createObjectNode()
            .put("model", options.model())
            .put("temperature", question.temperature())
            .put("max_tokens", question.maxTokens());
    question.seed().ifPresent(seed -> body.put("seed", seed));
    var messages = body.putArray("messages");
    messages.addObject().put("role", "system").put("content", question.system());
    messages.addObject().put("role", "user").put("content", question.user());
    var request =
        HttpRequest.newBuilder(url)
            .timeout(options.answer())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return request.build();
  }

  private static Optional<String> text(String body) {
    try {
      JsonNode choice = Wire.mapper().readTree(body).path("choices").path(0);
      return Optional.of(choice.path("message").path("content").asText(""));
    } catch (JsonProcessingException noJson) {
      return Optional.empty();
    }
  }

  /** Never the request, which holds the key, nor the answer's prose: servers repeat rows in it. */
  private String refusal(HttpResponse<String> response, int attempts) {
    var names = Replies.names(response);
    return "the %s at %s answered %d after %d attempts%s"
        .formatted(
            options.name(),
            url,
            response.statusCode(),
            attempts,
            names.isEmpty() ? "" : " (" + names + ")");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
