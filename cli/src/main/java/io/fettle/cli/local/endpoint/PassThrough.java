package io.fettle.cli.local.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint's address. Each request goes to the engine that the alias names at that moment; the
 * answer flows back as it comes, so a stream of tokens stays one.
 */
public final class PassThrough implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PassThrough.class);
  private static final int LARGEST_REQUEST = 32 << 20;
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** What belongs to one connection and not to the message. */
  private static final Set<String> HOP =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final String endpoint;
  private final Routes routes;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  private PassThrough(String endpoint, Routes routes, HttpServer server) {
    this.endpoint = endpoint;
    this.routes = routes;
    this.server = server;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .executor(threads)
            .build();
  }

  /** Listens on that loopback port. */
  public static PassThrough open(String endpoint, int port, Routes routes) throws IOException {
    var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    var server = HttpServer.create(address, 128);
    var passThrough = new PassThrough(endpoint, routes, server);
    server.setExecutor(passThrough.threads);
    server.createContext("/", passThrough::handle);
    server.start();
    LOG.info("endpoint {} at http://127.0.0.1:{}", endpoint, passThrough.port());
    return passThrough;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readNBytes(LARGEST_REQUEST + 1);
      if (body.length > LARGEST_REQUEST) {
        refuse(exchange, 413, "the request is larger than %d bytes".formatted(LARGEST_REQUEST));
        return;
      }
      forward(exchange, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    var alias = routes.newest(endpoint);
    if (alias.isEmpty()) {
      refuse(exchange, 503, "endpoint %s serves nothing yet; deploy a run".formatted(endpoint));
      return;
    }
    HttpResponse<InputStream> answer;
    try {
      answer = ask(alias.get(), exchange, body);
    } catch (IOException e) {
      LOG.warn(
          "endpoint {}: {} does not answer: {}", endpoint, alias.get().engineUrl(), e.toString());
      refuse(
          exchange,
          503,
          "the engine of endpoint %s (model %s, %s) does not answer; `fettle status` says what runs, a run's deploy step starts it again"
              .formatted(endpoint, alias.get().modelId(), alias.get().engineUrl()));
      return;
    }
    try (var stream = answer.body()) {
      relay(answer, stream, exchange);
    }
  }

  private HttpResponse<InputStream> ask(Alias alias, HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    var target = URI.create(alias.engineUrl() + exchange.getRequestURI());
    var publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    var request = HttpRequest.newBuilder(target).method(exchange.getRequestMethod(), publisher);
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> copy(request, name, value)));
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  private static void copy(HttpRequest.Builder request, String name, String value) {
    if (!isHop(name)) {
      request.header(name, value);
    }
  }

  private static boolean isHop(String name) {
    return HOP.contains(name.toLowerCase(Locale.ROOT));
  }

  private static void relay(HttpResponse<?> answer, InputStream stream, HttpExchange exchange)
      throws IOException {
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!isHop(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    var hasBody = !exchange.getRequestMethod().equals("HEAD") && answer.statusCode() != 204;
    long length = answer.headers().firstValueAsLong("Content-Length").orElse(0);
    exchange.sendResponseHeaders(answer.statusCode(), hasBody ? length : -1);
    if (!hasBody) {
      return;
    }
    try (var out = exchange.getResponseBody()) {
      var buffer = new byte[1 << 14];
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush(); // a token is worth a packet
      }
    }
  }

  // The form in which OpenAI's clients expect an error.
  private static void refuse(HttpExchange exchange, int status, String sentence)
      throws IOException {
    var error = Map.of("message", sentence, "type", "endpoint_unavailable", "code", status);
    var body = Wire.mapper().writeValueAsString(Map.of("error", error)).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    http.shutdownNow();
    threads.shutdownNow();
  }
}
