package io.fettle.activities.capacity.signal;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.capacity.PreemptionSignal;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads the {@code notice} of a host's file in the local pool. */
public final class LocalSignal implements PreemptionSignal {
  private final Path file;

  public LocalSignal(Path file) {
    this.file = file;
  }

  @Override
  public Optional<Notice> notice() throws IOException {
    try {
      var notice = Wire.mapper().readTree(Files.readAllBytes(file)).path("notice");
      return notice.isObject() ? Optional.of(read(notice)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Notice read(JsonNode notice) {
    return new Notice(
        Instant.parse(notice.path("at").asText()),
        Duration.ofSeconds(notice.path("windowSeconds").asLong()));
  }
}
