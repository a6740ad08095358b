package io.fettle.activities.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How servers of the OpenAI API refuse, and how long to wait for them. */
public final class Replies {
  private static final int TOO_MANY = 429;
  private static final int BROKEN = 500;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** What an error is called, as {@code rate_limit_exceeded}; prose may hold the row. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,60}");

  private Replies() {}

  /** A client that follows no redirect: the key is for the address that was given. */
  public static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  /** Whether the same may be answered later: the server is busy or broken. */
  public static boolean mayPass(int status) {
    return status == TOO_MANY || status >= BROKEN;
  }

  /** The error's type and code, where the server names them; its prose may repeat the row. */
  public static String names(HttpResponse<String> response) {
    try {
      JsonNode error = Wire.mapper().readTree(response.body()).path("error");
      return Stream.of("type", "code")
          .map(field -> error.path(field).asText(""))
          .filter(name -> NAME.matcher(name).matches())
          .distinct()
          .collect(Collectors.joining(", "));
    } catch (JsonProcessingException noJson) {
      return "";
    }
  }

  /** The longer of one's own pause and the whole seconds that the server asks for, if any. */
  public static Duration pause(Duration own, HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,4}")) // dates are not read
        .map(value -> shorter(Duration.ofSeconds(Long.parseLong(value)), LONGEST_PAUSE))
        .filter(asked -> asked.compareTo(own) > 0)
        .orElse(own);
  }

  /** The pause after one: twice as long, up to a minute. */
  public static Duration next(Duration pause) {
    return shorter(pause.multipliedBy(2), LONGEST_PAUSE);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
