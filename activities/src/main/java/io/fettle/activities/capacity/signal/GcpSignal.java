package io.fettle.activities.capacity.signal;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Compute Engine's metadata. One question hangs until {@code preempted} changes, since 30 seconds
 * are short; the maintenance event, whose notice is longer, is looked at whenever it returns.
 */
final class GcpSignal implements PreemptionSignal {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final String INSTANCE = "/computeMetadata/v1/instance/";
  private static final String FLAVOR = "Metadata-Flavor";
  private static final String GOOGLE = "Google";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final Metadata metadata;
  private final Duration preemption;
  private final Duration maintenance;
  private @Nullable String etag;

  /**
   * @param endpoint {@code http://metadata.google.internal} on a machine of Compute Engine
   * @param preemption from a preemption's notice to the end
   * @param maintenance from a maintenance event's notice to the end
   */
  public GcpSignal(URI endpoint, Duration preemption, Duration maintenance) {
    this.metadata = new Metadata(endpoint);
    this.preemption = preemption;
    this.maintenance = maintenance;
  }

  @Override
  public Sign look() throws IOException, InterruptedException {
    if (preempted().equals("TRUE")) {
      return new Sign.Leave("GCP preempts it", preemption);
    }
    if (get(INSTANCE + "maintenance-event", Duration.ZERO)
        .body()
        .strip()
        .equals("TERMINATE_ON_HOST_MAINTENANCE")) { // a migration is survived
      return new Sign.Leave("GCP stops it for maintenance", maintenance);
    }
    return new Sign.Quiet();
  }

  @Override
  public Duration pause() {
    return PAUSE;
  }

  /** Hangs only on what was seen before: nothing that changes between two looks is missed. */
  private String preempted() throws IOException, InterruptedException {
    var seen = etag;
    etag = null; // after a failure the state is read anew
    var path = INSTANCE + "preempted";
    var reply = seen == null ? get(path, Duration.ZERO) : get(path + change(seen), WAIT);
    etag = reply.headers().firstValue("etag").orElse(null);
    return reply.body().strip();
  }

  private static String change(String etag) {
    return "?wait_for_change=true&timeout_sec=%d&last_etag=%s"
        .formatted(WAIT.toSeconds(), URLEncoder.encode(etag, StandardCharsets.UTF_8));
  }

  private HttpResponse<String> get(String path, Duration wait)
      throws IOException, InterruptedException {
    var reply = metadata.send(metadata.request(path, wait).header(FLAVOR, GOOGLE).build());
    if (!reply.headers().firstValue(FLAVOR).orElse("").equals(GOOGLE)) {
      throw new IOException("what answered is no metadata server of GCP");
    }
    if (reply.statusCode() != OK && reply.statusCode() != NOT_FOUND) {
      throw Metadata.refusal(reply);
    }
    return reply;
  }
}
