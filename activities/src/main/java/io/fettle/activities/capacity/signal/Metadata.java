package io.fettle.activities.capacity.signal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A machine's metadata server: plain HTTP, never through a proxy, and quick to answer or not there.
 */
final class Metadata {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final URI endpoint;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(PATIENCE)
          .build();

  Metadata(URI endpoint) {
    this.endpoint = endpoint;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(endpoint.resolve(path)).timeout(PATIENCE);
  }

  /** Of a server that may take {@code wait} over its answer. */
  HttpRequest.Builder request(String path, Duration wait) {
    return request(path).timeout(wait.plus(PATIENCE));
  }

  /** The whole answer in time: the client's own timeout ends with the headers. */
  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    var answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    try {
      return answer.get(request.timeout().orElse(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer of " + request.uri() + " in time", e);
    } catch (ExecutionException e) {
      throw new IOException("no answer of " + request.uri() + ": " + e.getCause(), e);
    } finally {
      answer.cancel(true);
    }
  }

  static IOException refusal(HttpResponse<?> reply) {
    return new IOException(
        "the metadata server answered %s with %d"
            .formatted(reply.request().uri().getPath(), reply.statusCode()));
  }
}
