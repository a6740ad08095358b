package io.fettle.activities.serving;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One running engine, spoken to over the OpenAI HTTP API. Hides which engine it is. Safe for
 * concurrent use.
 *
 * <p>Every {@link EngineFailure} is a sentence that names the engine's log.
 */
public interface ModelServer {
  /** Base address, loopback, without {@code /v1}. */
  URI url();

  /** Name and version, for people. */
  String engine();

  /** What a request puts into {@code model} for the engine's own model. */
  String modelName();

  /**
   * Loads an adapter beside the model, or finds it loaded.
   *
   * @return what a request puts into {@code model} for it
   */
  String loadAdapter(String name, Path adapter) throws EngineFailure, InterruptedException;

  /** One greedy answer. */
  Completion complete(ChatRequest request) throws EngineFailure, InterruptedException;

  /**
   * What to ask.
   *
   * @param messages as the OpenAI API has them: objects with role and content
   * @param maxTokens the answer's length at most
   * @param tools that the model is told of, as the API has them; it answers as it was trained to,
   *     no call is parsed or forced
   * @param form further fields of the request, which enforce a form of the answer; an engine that
   *     does not know them answers freely
   */
  record ChatRequest(
      String model,
      List<JsonNode> messages,
      int maxTokens,
      List<JsonNode> tools,
      Map<String, JsonNode> form) {
    public ChatRequest {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
      form = Map.copyOf(form);
    }

    /** Without tools, in any form. */
    public ChatRequest(String model, List<JsonNode> messages, int maxTokens) {
      this(model, messages, maxTokens, List.of(), Map.of());
    }
  }

  /** An answer, its tokens and its seconds from request to last byte. */
  record Completion(String text, int promptTokens, int answerTokens, double seconds) {}

  /** An engine that does not answer, or answers with an error. */
  final class EngineFailure extends Exception {
    private static final long serialVersionUID = 1;

    EngineFailure(String message) {
      super(message);
    }
  }
}
