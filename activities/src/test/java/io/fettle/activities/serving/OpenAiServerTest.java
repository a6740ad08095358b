package io.fettle.activities.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.fettle.activities.serving.ModelServer.ChatRequest;
import io.fettle.workflows.wire.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OpenAiServerTest {
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
}
