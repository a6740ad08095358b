package io.fettle.benchmarks.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;

/**
 * A server of the OpenAI API that tells good answers from bad ones as often as it is told to; the
 * same text gets the same reply.
 */
final class ErringJudge implements AutoCloseable {
  private final HttpServer server;
  private final double truePositives;
  private final double falsePositives;

  ErringJudge(double truePositives, double falsePositives) throws IOException {
    this.truePositives = truePositives;
    this.falsePositives = falsePositives;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/chat/completions", this::reply);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void reply(HttpExchange exchange) throws IOException {
    JsonNode asked = Wire.mapper().readTree(exchange.getRequestBody().readAllBytes());
    String text = asked.path("messages").path(1).path("content").asText();
    double rate = text.contains("\ngood ") ? truePositives : falsePositives;
    boolean accepts = new SplittableRandom(text.hashCode()).nextDouble() < rate;
    var body = Wire.mapper().createObjectNode();
    body.putArray("choices")
        .addObject()
        .putObject("message")
        .put("content", accepts ? "yes" : "no");
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
