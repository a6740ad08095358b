package io.fettle.activities.store.gcs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The resumable upload of Google's JSON API, as its reference describes it, for one object: what
 * fake-gcs-server gets wrong is the question how far an upload has come, which it answers by taking
 * what there is for the whole. Every other chunk is cut off half way here.
 */
final class GcsStandIn implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes (\\*|(\\d+)-(\\d+))/(\\*|\\d+)");
  private static final int RESUME = 308;

  private final HttpServer server;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream(); // guarded by this
  private final AtomicInteger chunks = new AtomicInteger();
  private final AtomicInteger questions = new AtomicInteger();
  private boolean isWhole; // guarded by this

  GcsStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/upload/", this::upload);
    server.createContext("/session", this::chunk);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The object; empty before its upload has ended. */
  synchronized byte[] object() {
    return isWhole ? received.toByteArray() : new byte[0];
  }

  /** How often it was asked how far it is. */
  int questions() {
    return questions.get();
  }

  private void upload(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Location", address() + "/session?upload_id=1");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void chunk(HttpExchange exchange) throws IOException {
    var range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Content-Range"));
    if (!range.matches()) {
      throw new IOException("no range that the reference knows");
    }
    if (range.group(2) == null) {
      questions.incrementAndGet();
    } else if (chunks.incrementAndGet() % 2 == 1) {
      take(exchange, Long.parseLong(range.group(3)) - Long.parseLong(range.group(2)) + 1, 2);
      exchange.close(); // without an answer
      return;
    } else {
      take(exchange, Long.MAX_VALUE, 1);
    }
    answer(exchange, range.group(4));
  }

  private synchronized void take(HttpExchange exchange, long length, int share) throws IOException {
    received.write(exchange.getRequestBody().readNBytes((int) Math.min(1 << 30, length / share)));
  }

  private synchronized void answer(HttpExchange exchange, String total) throws IOException {
    try (exchange) {
      isWhole = !total.equals("*") && received.size() == Long.parseLong(total);
      if (isWhole) {
        var body =
            "{\"name\": \"large\", \"bucket\": \"b\", \"generation\": \"1\", \"size\": \"%d\"}"
                .formatted(received.size())
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        return;
      }
      if (received.size() > 0) {
        exchange.getResponseHeaders().set("Range", "bytes=0-" + (received.size() - 1));
      }
      exchange.sendResponseHeaders(RESUME, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
