package io.fettle.benchmarks.capacity.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A call that came, on the server's clock.
 *
 * @param zone empty: of all
 * @param subject name of the machine, operation or template
 */
record GceCall(Instant at, String action, String zone, String subject, Map<String, String> query) {
  static final String INSERT = "insert";
  static final String GET = "get";
  static final String DELETE = "delete";
  static final String LIST = "aggregatedList";
  static final String OPERATION = "operation";
  static final String OPERATIONS = "operations";
  static final String WAIT = "wait";
  static final String TEMPLATE = "template";

  static final String ROOT = "/compute/v1/projects/p/";

  /** {@code zones/z/instances/n}, {@code zones/z/operations/o/wait} and their like. */
  static GceCall of(HttpExchange exchange, Instant at) {
    var path = exchange.getRequestURI().getPath().substring(ROOT.length());
    var parts = List.of(path.split("/"));
    return new GceCall(
        at,
        action(exchange.getRequestMethod(), parts),
        parts.getFirst().equals("zones") ? parts.get(1) : "",
        parts.size() > 3 ? parts.get(3) : parts.getLast(),
        query(exchange.getRequestURI().getRawQuery()));
  }

  private static String action(String method, List<String> parts) {
    return switch (parts.getFirst()) {
      case "aggregated" -> LIST;
      case "global" -> TEMPLATE;
      default ->
          parts.get(2).equals("operations") ? ofOperations(parts.size()) : ofInstances(method);
    };
  }

  private static String ofOperations(int parts) {
    return switch (parts) {
      case 3 -> OPERATIONS;
      case 4 -> OPERATION;
      default -> WAIT;
    };
  }

  private static String ofInstances(String method) {
    return switch (method) {
      case "POST" -> INSERT;
      case "DELETE" -> DELETE;
      default -> GET;
    };
  }

  private static Map<String, String> query(@Nullable String raw) {
    var query = new TreeMap<String, String>();
    for (var part : raw == null ? new String[0] : raw.split("&")) {
      var equals = part.indexOf('=');
      query.put(part.substring(0, equals), URLDecoder.decode(part.substring(equals + 1), UTF_8));
    }
    return query;
  }
}
