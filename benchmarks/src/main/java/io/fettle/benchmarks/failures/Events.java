package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** JSON lines that another process writes. */
final class Events {
  private static final int TAIL_BYTES = 8 * 1024;

  private Events() {}

  /** The whole lines at a file's end; none where there is no file. */
  static List<JsonNode> tail(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, in.length() - TAIL_BYTES);
      var bytes = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      return parsed(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  static List<JsonNode> all(Path file) throws IOException {
    return Files.exists(file) ? parsed(Files.readString(file)) : List.of();
  }

  /** Without the first line of a tail and the last of a file under way, where they are cut. */
  private static List<JsonNode> parsed(String text) {
    return text.lines().flatMap(line -> parsedLine(line).stream()).toList();
  }

  private static Optional<JsonNode> parsedLine(String line) {
    try {
      return Optional.of(Wire.mapper().readTree(line));
    } catch (IOException cut) {
      return Optional.empty();
    }
  }
}
