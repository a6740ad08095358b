package io.fettle.activities.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.fettle.activities.serving.ModelServer.ChatRequest;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OpenAiServerTest {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final String SAYS_YES =
      """
      {"choices": [{"message": {"content": "yes"}}]}
      """;
  private static final String YES =
      "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s".formatted(SAYS_YES.length(), SAYS_YES);

  @Test
  void a_model_is_told_of_a_row_s_tools_and_calls_are_an_answer() throws Exception {
    AtomicReference<String> asked = new AtomicReference<>("");
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/v1/chat/completions",
        exchange -> {
          asked.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] reply =
              """
              {"choices": [{"message": {"content": null, "tool_calls": [{"function": {"name": "book"}}]}}]}
              """
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, reply.length);
          try (var out = exchange.getResponseBody()) {
            out.write(reply);
          }
        });
    http.start();
    try {
      URI url = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
      OpenAiServer server = new OpenAiServer(url, "fake", "m", Path.of("log"));
      JsonNode tool = Wire.mapper().readTree("{\"type\": \"function\"}");

      assertThat(
              server
                  .complete(new ChatRequest("m", List.of(), 5, List.of(tool), java.util.Map.of()))
                  .text())
          .isEqualTo("[{\"function\":{\"name\":\"book\"}}]");
      JsonNode body = Wire.mapper().readTree(asked.get());
      assertThat(body.path("tools").path(0)).isEqualTo(tool);
      assertThat(body.path("tool_choice").asText()).isEqualTo("none");
      server.complete(new ChatRequest("m", List.of(), 5));
      assertThat(Wire.mapper().readTree(asked.get()).has("tools")).isFalse();
    } finally {
      http.stop(0);
    }
  }

  @Test
  void a_connection_that_the_engine_closed_while_idle_costs_no_answer() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var engine = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var requests = threads.submit(() -> answersOnceAConnection(engine));
      URI url = URI.create("http://127.0.0.1:" + engine.getLocalPort());
      OpenAiServer server = new OpenAiServer(url, "fake", "m", Path.of("log"));

      for (int i = 0; i < 2; i++) {
        assertThat(server.complete(new ChatRequest("m", List.of(), 5)).text()).isEqualTo("yes");
      }
      assertThat(requests.get()).isEqualTo(3);
    }
  }

  /** Says nothing of closing, and closes when the second request is there, until two answers. */
  private static int answersOnceAConnection(ServerSocket engine) throws IOException {
    int requests = 0;
    for (int connection = 0; connection < 2; connection++) {
      try (var socket = engine.accept()) {
        var in = new BufferedInputStream(socket.getInputStream());
        readRequest(in);
        requests++;
        socket.getOutputStream().write(YES.getBytes(StandardCharsets.US_ASCII));
        if (connection == 0) {
          readRequest(in);
          requests++;
        }
      }
    }
    return requests;
  }

  private static void readRequest(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    var length = LENGTH.matcher(head);
    assertThat(length.find()).isTrue();
    in.readNBytes(Integer.parseInt(length.group(1)));
  }
}
