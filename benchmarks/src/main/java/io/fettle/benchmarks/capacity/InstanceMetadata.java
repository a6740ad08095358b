package io.fettle.benchmarks.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One instance's metadata server, in version 2 alone: a session token first (PUT), else 401. Tags
 * and spot's notice are as EC2's user guide has them ("View tags for your EC2 instances using
 * instance metadata", "Spot Instance interruption notices").
 */
final class InstanceMetadata implements AutoCloseable {
  private static final String SESSION = "session";
  private static final String TAG = "/latest/meta-data/tags/instance/";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String instance;
  private final Map<String, String> tags;
  private volatile @Nullable Instant end;

  InstanceMetadata(String instance, Map<String, String> tags) throws IOException {
    this.instance = instance;
    this.tags = Map.copyOf(tags);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** What {@code http://169.254.169.254} is to an instance. */
  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Spot will take it at that time. */
  void notice(Instant at) {
    end = at;
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked = exchange.getRequestURI().getPath();
      if (exchange.getRequestMethod().equals("PUT") && asked.equals("/latest/api/token")) {
        say(exchange, 200, SESSION);
      } else if (!SESSION.equals(
          exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"))) {
        say(exchange, 401, "");
      } else {
        var known = known(asked);
        say(exchange, known.isPresent() ? 200 : 404, known.orElse(""));
      }
    }
  }

  private Optional<String> known(String asked) {
    if (asked.startsWith(TAG)) {
      return Optional.ofNullable(tags.get(asked.substring(TAG.length())));
    }
    var at = end;
    return switch (asked) {
      case "/latest/meta-data/instance-id" -> Optional.of(instance);
      case "/latest/meta-data/instance-type" -> Optional.of(Ec2Account.TYPE);
      case "/latest/meta-data/placement/region" -> Optional.of("eu-west-1");
      case "/latest/meta-data/spot/instance-action" ->
          at == null
              ? Optional.empty()
              : Optional.of(
                  "{\"action\": \"terminate\", \"time\": \"%s\"}"
                      .formatted(at.truncatedTo(ChronoUnit.SECONDS)));
      default -> Optional.empty();
    };
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    var body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
