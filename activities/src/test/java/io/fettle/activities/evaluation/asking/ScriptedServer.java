package io.fettle.activities.evaluation.asking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** An OpenAI chat API over a socket that says what a test wants. */
public final class ScriptedServer implements AutoCloseable {
  private static final int MESSAGE = 0; // no status of HTTP
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<JsonNode, Reply> behaviour = _ -> new Reply(200, "yes");

  /** What it was sent. */
  public record Asked(JsonNode body, String authorization) {}

  /** What it says; of an error, its code. */
  public record Reply(int status, String content) {}

  public ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::reply);
    server.start();
  }

  /** From now on, to the request's body. */
  public void answers(Function<JsonNode, Reply> other) {
    behaviour = other;
  }

  /** From now on with a whole message, as JSON, to the request's body. */
  public void answersWith(Function<JsonNode, String> message) {
    behaviour = body -> new Reply(MESSAGE, message.apply(body));
  }

  public String url() {
    return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
  }

  /** In the order in which they came. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  private void reply(HttpExchange exchange) throws IOException {
    JsonNode request = Wire.mapper().readTree(exchange.getRequestBody().readAllBytes());
    asked.add(
        new Asked(request, String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
    Reply reply = behaviour.apply(request);
    ObjectNode body = Wire.mapper().createObjectNode();
    boolean whole = reply.status() == MESSAGE;
    if (whole || reply.status() == 200) {
      JsonNode message =
          whole
              ? Wire.mapper().readTree(reply.content())
              : Wire.mapper().createObjectNode().put("content", reply.content());
      body.putArray("choices").addObject().set("message", message);
      body.putObject("usage").put("prompt_tokens", 7).put("completion_tokens", 3);
    } else {
      body.putObject("error")
          .put("message", "prose that quotes " + request)
          .put("code", reply.content());
    }
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(whole ? 200 : reply.status(), bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
