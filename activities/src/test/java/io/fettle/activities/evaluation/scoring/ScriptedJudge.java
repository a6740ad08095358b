package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server of the OpenAI API that answers by a rule. */
public final class ScriptedJudge implements AutoCloseable {
  private final HttpServer server;
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<Request, String> rule = _ -> "";
  private volatile int status = 200;

  /** What was asked. */
  public record Request(String system, String user, long seed, double temperature) {}

  public ScriptedJudge() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::reply);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  public void says(Function<Request, String> newRule) {
    rule = newRule;
  }

  void refuses(int newStatus) {
    status = newStatus;
  }

  List<Request> requests() {
    return requests;
  }

  List<String> keys() {
    return keys;
  }

  private void reply(HttpExchange exchange) throws IOException {
    JsonNode asked = Wire.mapper().readTree(exchange.getRequestBody().readAllBytes());
    Request request =
        new Request(
            asked.path("messages").path(0).path("content").asText(),
            asked.path("messages").path(1).path("content").asText(),
            asked.path("seed").asLong(),
            asked.path("temperature").asDouble());
    requests.add(request);
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    var body = Wire.mapper().createObjectNode();
    body.putArray("choices").addObject().putObject("message").put("content", rule.apply(request));
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
