package io.fettle.workflows.training;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host that has been told to leave.
 *
 * @param host its id
 * @param reason who told it and why, in a few words; empty where nobody said
 * @param window how long it still lives; zero where nobody said
 */
public record HostNotice(String host, String reason, Duration window) {
  public HostNotice(String host, @Nullable String reason, @Nullable Duration window) {
    this.host = host;
    this.reason = Objects.requireNonNullElse(reason, "");
    this.window = Objects.requireNonNullElse(window, Duration.ZERO);
  }
}
