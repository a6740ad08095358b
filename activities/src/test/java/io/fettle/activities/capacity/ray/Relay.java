package io.fettle.activities.capacity.ray;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Between a client and a head; loses an answer when it is told to, after the head has acted. Also
 * an HTTP proxy, for which every name is the head's.
 */
final class Relay implements AutoCloseable {
  private final URI head;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicBoolean loses = new AtomicBoolean();

  Relay(URI head) throws IOException {
    this.head = head;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::pass);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void losesNextSubmission() {
    loses.set(true);
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes());
      var request =
          HttpRequest.newBuilder(head.resolve(path(exchange.getRequestURI())))
              .header("Content-Type", "application/json")
              .method(exchange.getRequestMethod(), body)
              .build();
      var answer = http.send(request, BodyHandlers.ofByteArray());
      boolean isSubmission = exchange.getRequestURI().getPath().equals("/api/jobs/");
      if (isSubmission && exchange.getRequestMethod().equals("POST") && loses.getAndSet(false)) {
        return; // closed without a word
      }
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String path(URI asked) {
    var query = asked.getRawQuery();
    return asked.getRawPath() + (query == null ? "" : "?" + query);
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
