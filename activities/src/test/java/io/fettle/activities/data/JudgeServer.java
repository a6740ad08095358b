package io.fettle.activities.data;

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

/** The remote side of a judge: OpenAI's chat API over a socket. */
final class JudgeServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<String, Reply> behaviour = _ -> new Reply(200, "5");

  /** What it says; of an error, its prose. */
  record Reply(int status, String content) {}

  JudgeServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", this::reply);
    server.start();
  }

  /** From now on, to the row that it is sent. */
  void answers(Function<String, Reply> other) {
    behaviour = other;
  }

  String url() {
    return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
  }

  /** The rows that it was sent, in the order in which they came. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void reply(HttpExchange exchange) throws IOException {
    var request = Wire.mapper().readTree(exchange.getRequestBody().readAllBytes());
    var row = request.at("/messages/1/content").asText();
    asked.add(row);
    var reply = behaviour.apply(row);
    var body = Wire.mapper().createObjectNode();
    if (reply.status() == 200) {
      var message = Wire.mapper().createObjectNode().put("content", reply.content());
      body.putArray("choices").addObject().set("message", message);
    } else {
      body.putObject("error").put("message", reply.content() + row).put("code", "no_luck");
    }
    var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length);
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
