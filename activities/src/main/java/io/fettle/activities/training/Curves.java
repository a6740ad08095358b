package io.fettle.activities.training;

import io.fettle.activities.programs.EventTail;
import io.fettle.workflows.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** What is kept of a lease's events for people: signs of life and progress are left out. */
final class Curves {
  private static final Set<String> KEPT =
      Set.of("started", "step", "eval", "checkpoint", "stopping", "finished", "error");
  private static final Set<String> NOTED = Set.of("published", "interval", "drain", "ended");

  private Curves() {}

  /** The trainer's events, then the agent's own. */
  static byte[] of(Path events, Path notes) throws IOException {
    var lines = new ByteArrayOutputStream();
    add(events, KEPT, lines);
    add(notes, NOTED, lines);
    return lines.toByteArray();
  }

  private static void add(Path file, Set<String> kept, ByteArrayOutputStream lines)
      throws IOException {
    for (var event : new EventTail(file).read()) {
      if (kept.contains(event.path("event").asText())) {
        lines.writeBytes(Wire.mapper().writeValueAsBytes(event));
        lines.write('\n');
      }
    }
  }
}
