package io.fettle.activities.capacity.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says what it was told to, in the order of the calls, and keeps what it was asked. */
final class FakeEc2 implements AutoCloseable {
  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

  private final HttpServer server;
  private final Deque<Reply> replies = new ArrayDeque<>(); // guarded by this
  private final List<Map<String, String>> asked = new ArrayList<>(); // guarded by this

  private record Reply(int status, String body) {}

  FakeEc2() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized FakeEc2 says(String action, String body) {
    replies.add(
        new Reply(
            200,
            "<%sResponse xmlns=\"%s\"><requestId>r</requestId>%s</%sResponse>"
                .formatted(action, NAMESPACE, body, action)));
    return this;
  }

  synchronized FakeEc2 refuses(int status, String code, String message) {
    replies.add(
        new Reply(
            status,
            "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>r</RequestID></Response>"
                .formatted(code, message)));
    return this;
  }

  synchronized FakeEc2 breaksOff() {
    replies.add(new Reply(0, ""));
    return this;
  }

  synchronized List<Map<String, String>> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var reply = next(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      if (reply.status() == 0) {
        return; // closed without a word
      }
      var body = reply.body().getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private synchronized Reply next(String form) {
    var fields = new TreeMap<String, String>();
    for (var pair : form.split("&")) {
      var sides = pair.split("=", 2);
      fields.put(sides[0], sides.length == 1 ? "" : URLDecoder.decode(sides[1], UTF_8));
    }
    asked.add(fields);
    return replies.isEmpty() ? new Reply(400, "no reply was left") : replies.remove();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
