package io.fettle.benchmarks.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An OpenAI chat API on loopback whose answers are a function of the request: equal requests get
 * equal answers, at any concurrency. Tokens are counted as quarters of characters.
 */
final class ScriptedServer implements AutoCloseable {
  private static final int CHARACTERS = 4;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Function<Asked, String> rule;
  private final AtomicInteger answered = new AtomicInteger();

  ScriptedServer(Function<Asked, String> rule) throws IOException {
    this.rule = rule;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::complete);
    server.createContext("/v1/models", this::models);
    server.createContext(
        "/health", exchange -> send(exchange, 200, Wire.mapper().createObjectNode()));
    server.start();
  }

  /** Without {@code /v1}. */
  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int answered() {
    return answered.get();
  }

  private void complete(HttpExchange exchange) throws IOException {
    JsonNode request = Wire.mapper().readTree(exchange.getRequestBody().readAllBytes());
    if (!request.path("messages").isArray() || request.path("messages").isEmpty()) {
      ObjectNode body = Wire.mapper().createObjectNode();
      body.putObject("error").put("type", "invalid_request_error").put("message", "no messages");
      send(exchange, 400, body);
      return;
    }
    Asked asked = Asked.of(request);
    String answer = rule.apply(asked);
    answered.incrementAndGet();
    ObjectNode body = Wire.mapper().createObjectNode();
    body.put("id", "chatcmpl-scripted")
        .put("object", "chat.completion")
        .put("model", asked.model());
    ObjectNode choice = body.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", "stop");
    choice.putObject("message").put("role", "assistant").put("content", answer);
    int prompt = tokens(asked.everything());
    int said = tokens(answer);
    body.putObject("usage")
        .put("prompt_tokens", prompt)
        .put("completion_tokens", said)
        .put("total_tokens", prompt + said);
    send(exchange, 200, body);
  }

  private static int tokens(String text) {
    return 1 + text.length() / CHARACTERS;
  }

  private void models(HttpExchange exchange) throws IOException {
    ObjectNode body = Wire.mapper().createObjectNode().put("object", "list");
    body.putArray("data").addObject().put("id", "scripted").put("object", "model");
    send(exchange, 200, body);
  }

  private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = Wire.mapper().writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
