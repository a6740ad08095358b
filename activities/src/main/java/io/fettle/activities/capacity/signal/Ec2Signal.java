package io.fettle.activities.capacity.signal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * EC2's instance metadata, version 2: every question carries a session token. A question about what
 * does not stand is answered with 404.
 */
final class Ec2Signal implements PreemptionSignal {
  private static final Duration PAUSE = Duration.ofSeconds(5); // as its user guide advises
  private static final Duration WARNING = Duration.ofMinutes(2);
  private static final Set<String> ACTIONS = Set.of("terminate", "stop", "hibernate");
  private static final String TOKEN_SECONDS = "21600";
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private final Metadata metadata;
  private @Nullable String token;

  /**
   * @param endpoint {@code http://169.254.169.254} on a machine of EC2
   */
  public Ec2Signal(URI endpoint) {
    this.metadata = new Metadata(endpoint);
  }

  @Override
  public Sign look() throws IOException, InterruptedException {
    var action = ask("/latest/meta-data/spot/instance-action");
    if (action.isPresent()) {
      return leave(action.get());
    }
    var rebalance = ask("/latest/meta-data/events/recommendations/rebalance");
    return rebalance.isPresent() ? new Sign.Risk("EC2 recommends to rebalance") : new Sign.Quiet();
  }

  @Override
  public Duration pause() {
    return PAUSE;
  }

  private static Sign leave(HttpResponse<String> reply) throws IOException {
    var notice = json(reply);
    var action = notice.path("action").asText();
    if (!ACTIONS.contains(action)) {
      throw new IOException("EC2's instance-action names no action");
    }
    return new Sign.Leave("EC2 will " + action + " it", window(notice, reply));
  }

  /** Both ends on the metadata server's clock; without them, what EC2 promises. */
  private static Duration window(JsonNode notice, HttpResponse<?> reply) {
    try {
      var date = reply.headers().firstValue("date").orElse("");
      var now = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Windows.between(now, Instant.parse(notice.path("time").asText()), WARNING);
    } catch (DateTimeException e) {
      return WARNING;
    }
  }

  private static JsonNode json(HttpResponse<String> reply) throws IOException {
    try {
      return Wire.mapper().readTree(reply.body());
    } catch (JsonProcessingException e) {
      throw new IOException("EC2's instance-action is no JSON", e);
    }
  }

  /** Empty where it does not stand. A token may be refused at any time: once, another is tried. */
  private Optional<HttpResponse<String>> ask(String path) throws IOException, InterruptedException {
    var reply = get(path);
    if (reply.statusCode() == UNAUTHORIZED) {
      token = null;
      reply = get(path);
    }
    return switch (reply.statusCode()) {
      case OK -> Optional.of(reply);
      case NOT_FOUND -> Optional.empty();
      default -> throw Metadata.refusal(reply);
    };
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var request = metadata.request(path).header("X-aws-ec2-metadata-token", token());
    return metadata.send(request.build());
  }

  private String token() throws IOException, InterruptedException {
    var held = token;
    if (held != null) {
      return held;
    }
    var reply =
        metadata.send(
            metadata
                .request("/latest/api/token")
                .header("X-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS)
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build());
    if (reply.statusCode() != OK || reply.body().isBlank()) {
      throw Metadata.refusal(reply);
    }
    token = reply.body().strip();
    return reply.body().strip();
  }
}
