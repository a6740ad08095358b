package io.fettle.data.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** JSONL that grows by a line a score. A line is written at once; one cut short by a kill goes. */
final class ScoreFile implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LOOK_BACK = 1 << 16;

  private final Path path;

  /** No channel, which an interrupted thread would close for all. */
  private final FileOutputStream out;

  /** A line. */
  record Line(String row, double score, Judge.Column column) {}

  interface Lines {
    void line(Line line);
  }

  ScoreFile(Path path) throws IOException {
    this.path = path;
    try (var channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.truncate(endOfLines(channel));
    }
    out = new FileOutputStream(path.toFile(), true);
  }

  private long endOfLines(FileChannel channel) throws IOException {
    long end = channel.size();
    while (end > 0) {
      long from = Math.max(0, end - LOOK_BACK);
      var bytes = ByteBuffer.allocate((int) (end - from));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, from + bytes.position()) < 0) {
          throw new IOException(path + " became shorter while it was read");
        }
      }
      for (int i = bytes.limit() - 1; i >= 0; i--) {
        if (bytes.get(i) == '\n') {
          return from + i + 1;
        }
      }
      end = from;
    }
    return 0;
  }

  static void read(Path path, Lines lines) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        lines.line(line(path, line, number));
      }
    }
  }

  private static Line line(Path path, String text, int number) throws IOException {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IOException("%s line %d is not JSON".formatted(path, number), broken);
    }
    if (!tree.path("row").isTextual() || !tree.path("score").isNumber()) {
      throw new IOException("%s line %d has no row and score".formatted(path, number));
    }
    var column = new Judge.Column(tree.path("model").asText(), tree.path("prompt").asText());
    return new Line(tree.path("row").asText(), tree.path("score").asDouble(), column);
  }

  synchronized void append(Line line) throws IOException {
    out.write((fields(JSON.createObjectNode(), line) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The line with the row's id before it, which readers need not know. */
  static String named(String id, Line line) {
    return fields(JSON.createObjectNode().put("id", id), line) + "\n";
  }

  private static ObjectNode fields(ObjectNode tree, Line line) {
    return tree.put("row", line.row())
        .put("score", line.score())
        .put("model", line.column().model())
        .put("prompt", line.column().prompt());
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
