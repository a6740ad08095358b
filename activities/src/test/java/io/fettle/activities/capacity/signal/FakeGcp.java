package io.fettle.activities.capacity.signal;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compute Engine's metadata server as documented: it wants and shows its flavor, gives an ETag with
 * each value, and with {@code wait_for_change} answers when the value's ETag is another than {@code
 * last_etag}, or after {@code timeout_sec}.
 */
final class FakeGcp implements AutoCloseable {
  private static final String INSTANCE = "/computeMetadata/v1/instance/";

  private final Map<String, String> values = new TreeMap<>(); // guarded by this
  private int waiting; // guarded by this
  private int waits; // guarded by this
  private int refusal; // guarded by this
  private final FakeMetadata server;

  FakeGcp() throws IOException {
    values.put("preempted", "FALSE");
    values.put("maintenance-event", "NONE");
    server = new FakeMetadata(this::answer);
  }

  URI endpoint() {
    return server.endpoint();
  }

  synchronized void set(String key, String value) {
    values.put(key, value);
    notifyAll();
  }

  synchronized void refuse(int status) {
    refusal = status;
  }

  synchronized int waits() {
    return waits;
  }

  synchronized void awaitAWaiter() throws InterruptedException {
    while (waiting == 0) {
      wait();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    var asks = exchange.getRequestHeaders().getFirst("Metadata-Flavor");
    if (!"Google".equals(asks)) {
      FakeMetadata.reply(exchange, 403, "Missing Metadata-Flavor:Google header.");
      return;
    }
    exchange.getResponseHeaders().set("Metadata-Flavor", "Google");
    var value = value(exchange);
    if (value.startsWith("!")) {
      FakeMetadata.reply(exchange, Integer.parseInt(value.substring(1)), "");
      return;
    }
    exchange.getResponseHeaders().set("ETag", etag(value));
    FakeMetadata.reply(exchange, 200, value);
  }

  private synchronized String value(HttpExchange exchange) {
    if (refusal > 0) {
      return "!" + refusal;
    }
    var key = exchange.getRequestURI().getPath().substring(INSTANCE.length());
    var query = new TreeMap<String, String>();
    for (var pair : String.valueOf(exchange.getRequestURI().getQuery()).split("&")) {
      query.put(pair.split("=")[0], pair.substring(pair.indexOf('=') + 1));
    }
    if ("true".equals(query.get("wait_for_change"))) {
      awaitChange(key, query.get("last_etag"), Long.parseLong(query.get("timeout_sec")));
    }
    return values.getOrDefault(key, "!404");
  }

  private synchronized void awaitChange(String key, String etag, long seconds) {
    waits++;
    waiting++;
    notifyAll();
    var end = System.nanoTime() + seconds * 1_000_000_000;
    try {
      while (etag(values.get(key)).equals(etag) && System.nanoTime() < end) {
        wait(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    waiting--;
  }

  private static String etag(String value) {
    return Integer.toHexString(value.hashCode());
  }

  @Override
  public void close() {
    server.close();
  }
}
