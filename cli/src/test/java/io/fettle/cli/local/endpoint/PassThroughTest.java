package io.fettle.cli.local.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fettle.workflows.serving.Alias;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PassThroughTest {
  private final Aliases aliases = new Aliases();
  private final Endpoints endpoints = new Endpoints(aliases, Map.of());
  private final HttpClient http = HttpClient.newHttpClient();
  private final java.util.List<HttpServer> engines = new java.util.ArrayList<>();

  /** Routes in memory. */
  private static final class Aliases implements Routes {
    private final Map<String, Alias> newest = new ConcurrentSkipListMap<>();

    @Override
    public SortedSet<String> endpoints() {
      return new TreeSet<>(newest.keySet());
    }

    @Override
    public Optional<Alias> newest(String endpoint) {
      return Optional.ofNullable(newest.get(endpoint));
    }
  }

  @AfterEach
  void close() {
    endpoints.close();
    engines.forEach(engine -> engine.stop(0));
  }

  @Test
  void a_request_reaches_the_engine_that_the_alias_names_now() throws Exception {
    serve(1, engine("one"));
    assertThat(ask("{}").body()).isEqualTo("one POST /v1/chat/completions {}");
    serve(2, engine("two"));
    assertThat(ask("{}").body()).isEqualTo("two POST /v1/chat/completions {}");
  }

  @Test
  void tokens_arrive_while_the_engine_still_generates() throws Exception {
    var firstArrived = new CountDownLatch(1);
    serve(
        1,
        engine(
            exchange -> {
              exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
              exchange.sendResponseHeaders(200, 0);
              var out = exchange.getResponseBody();
              out.write("data: a\n\n".getBytes(UTF_8));
              out.flush();
              await(firstArrived); // would never end if the proxy held the first token back
              out.write("data: [DONE]\n\n".getBytes(UTF_8));
              exchange.close();
            }));
    var answer = http.send(request("{}"), BodyHandlers.ofLines());
    var lines =
        answer
            .body()
            .peek(
                line -> {
                  if (line.equals("data: a")) {
                    firstArrived.countDown();
                  }
                })
            .filter(line -> !line.isEmpty())
            .toList();
    assertThat(lines).containsExactly("data: a", "data: [DONE]");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
  }

  @Test
  void an_engine_that_is_gone_is_said_in_a_sentence() throws Exception {
    serve(1, "http://127.0.0.1:1");
    var answer = ask("{}");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("does not answer").contains("model-1");
  }

  @Test
  void a_refusal_of_the_engine_passes_unchanged() throws Exception {
    serve(
        1,
        engine(
            exchange -> {
              exchange.sendResponseHeaders(404, 5);
              exchange.getResponseBody().write("no:42".getBytes(UTF_8));
              exchange.close();
            }));
    var answer = ask("{}");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("no:42");
  }

  @Test
  void an_endpoint_keeps_its_port_over_a_restart() throws Exception {
    serve(1, engine("one"));
    int port = endpoints.ports().get("support");
    var kept = endpoints.ports();
    endpoints.close();
    try (var again = new Endpoints(aliases, kept)) {
      assertThat(again.refresh()).isFalse();
      assertThat(again.ports()).containsEntry("support", port);
      assertThat(ask(port, "{}").body()).startsWith("one");
    }
  }

  private void serve(int version, String url) throws IOException {
    aliases.newest.put("support", new Alias("support", version, "model-" + version, url, "model"));
    endpoints.refresh();
  }

  private HttpResponse<String> ask(String body) throws IOException, InterruptedException {
    return http.send(request(body), BodyHandlers.ofString());
  }

  private HttpResponse<String> ask(int port, String body) throws IOException, InterruptedException {
    return http.send(request(port, body), BodyHandlers.ofString());
  }

  private HttpRequest request(String body) {
    return request(endpoints.ports().get("support"), body);
  }

  private static HttpRequest request(int port, String body) {
    var address = URI.create("http://127.0.0.1:" + port + "/v1/chat/completions");
    return HttpRequest.newBuilder(address).POST(BodyPublishers.ofString(body)).build();
  }

  private String engine(String name) throws IOException {
    return engine(
        exchange -> {
          var said = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          var text =
              "%s %s %s %s"
                  .formatted(name, exchange.getRequestMethod(), exchange.getRequestURI(), said);
          exchange.sendResponseHeaders(200, text.length());
          exchange.getResponseBody().write(text.getBytes(UTF_8));
          exchange.close();
        });
  }

  private String engine(com.sun.net.httpserver.HttpHandler handler) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", handler);
    server.start();
    engines.add(server);
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
