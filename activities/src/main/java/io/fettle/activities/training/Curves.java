package io.fettle.activities.training;

import io.fettle.activities.programs.EventTail;
import io.fettle.workflows.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The events that a curve is drawn from; signs of life and progress are left out. */
final class Curves {
  private static final Set<String> KEPT =
      Set.of("started", "step", "eval", "checkpoint", "published", "stopping", "finished", "error");

  private Curves() {}

  /** The trainer's, then what the agent noted of its uploads. */
  static byte[] of(Path events, Path uploads) throws IOException {
    var lines = new ByteArrayOutputStream();
    for (var file : List.of(events, uploads)) {
      for (var event : new EventTail(file).read()) {
        if (KEPT.contains(event.path("event").asText())) {
          lines.writeBytes(Wire.mapper().writeValueAsBytes(event));
          lines.write('\n');
        }
      }
    }
    return lines.toByteArray();
  }
}
