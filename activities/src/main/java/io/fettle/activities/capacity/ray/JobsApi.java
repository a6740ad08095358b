package io.fettle.activities.capacity.ray;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The jobs REST of a Ray head. Each call is sent once, and ends in time whatever the head does. */
final class JobsApi {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Within the minute that an activity of capacity has. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** A job's message holds up to 20,000 characters of its log; this is a list of thousands. */
  private static final long LONGEST = 128L << 20;

  /** With the slash: without it the head knows no such page. */
  private static final String JOBS = "/api/jobs/";

  private final URI dashboard;
  private final Duration patience;
  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  JobsApi(URI dashboard) {
    this(dashboard, ANSWER);
  }

  JobsApi(URI dashboard, Duration patience) {
    this.dashboard = dashboard;
    this.patience = patience;
  }

  /** What the head said; a text where it was no JSON. */
  record Answer(int status, String text, JsonNode body) {
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;

    boolean isOk() {
      return status / 100 == 2;
    }

    /** A proxy's or another server's "not found" is not the head's word that a job is gone. */
    boolean isNoSuchJob() {
      return status == NOT_FOUND && text.startsWith("Job ") && text.contains("does not exist");
    }

    /** The head answers a repeated submission with a server error. */
    boolean isDuplicate() {
      return status == FAILED && text.contains("already exists");
    }
  }

  Answer submit(JsonNode job) throws IOException {
    return send("POST", JOBS, job.toString());
  }

  Answer list() throws IOException {
    return send("GET", JOBS, "");
  }

  Answer look(String id) throws IOException {
    return send("GET", JOBS + id, "");
  }

  Answer stop(String id) throws IOException {
    return send("POST", JOBS + id + "/stop", "");
  }

  /** Of a job that has ended; any other is refused. */
  Answer delete(String id) throws IOException {
    return send("DELETE", JOBS + id, "");
  }

  private Answer send(String method, String path, String body) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(dashboard.toString().replaceFirst("/+$", "") + path))
            .timeout(patience)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    var answer =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), LONGEST));
    try { // the request's own timeout ends with the headers
      var response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.body(), parsed(response.body()));
    } catch (TimeoutException e) {
      throw silence("not within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw silence(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + dashboard + " was asked");
    } finally {
      answer.cancel(true);
    }
  }

  private IOException silence(String why, Exception cause) {
    return new IOException(
        "Ray's head at %s did not answer: %s; check that it runs and that this machine may reach it"
            .formatted(dashboard, why),
        cause);
  }

  private JsonNode parsed(String text) {
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }
}
