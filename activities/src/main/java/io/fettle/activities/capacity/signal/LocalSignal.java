package io.fettle.activities.capacity.signal;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Reads the {@code notice} of a host's file in the local pool. */
final class LocalSignal implements PreemptionSignal {
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final Path file;

  public LocalSignal(Path file) {
    this.file = file;
  }

  @Override
  public Sign look() throws IOException {
    try {
      var notice = Wire.mapper().readTree(Files.readAllBytes(file)).path("notice");
      return notice.isObject() ? leave(notice) : new Sign.Quiet();
    } catch (NoSuchFileException e) {
      return new Sign.Quiet();
    }
  }

  @Override
  public Duration pause() {
    return PAUSE;
  }

  /**
   * Whoever wrote {@code at} read the clock of this machine: the pool's hosts are its processes.
   */
  private static Sign leave(JsonNode notice) throws IOException {
    try {
      var window = Duration.ofSeconds(notice.path("windowSeconds").asLong());
      var end = Instant.parse(notice.path("at").asText()).plus(window);
      return new Sign.Leave("the local pool", Windows.between(Instant.now(), end, window));
    } catch (DateTimeException e) {
      throw new IOException("the notice of the local pool has no time", e);
    }
  }
}
