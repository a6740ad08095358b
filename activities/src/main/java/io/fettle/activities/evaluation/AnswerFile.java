package io.fettle.activities.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers on their way: a line each, appended as they come, so that a repeat goes on where a dead
 * one stopped.
 */
final class AnswerFile {
  private final Path file;

  AnswerFile(Path file) {
    this.file = file;
  }

  /** What has been answered, by item; a torn last line is no answer. */
  Map<String, AnswerLine> read() throws IOException {
    Map<String, AnswerLine> lines = new LinkedHashMap<>();
    if (Files.exists(file)) {
      // a torn character is no reason to stop: its line is asked again
      for (String line :
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList()) {
        decoded(line, lines);
      }
    }
    return lines;
  }

  private static void decoded(String line, Map<String, AnswerLine> lines) {
    try {
      AnswerLine answer = Wire.mapper().readValue(line, AnswerLine.class);
      lines.put(answer.id(), answer);
    } catch (JsonProcessingException torn) {
      // its item is asked again
    }
  }

  synchronized void append(AnswerLine line) throws IOException {
    String text =
        (Files.exists(file) && endsTorn() ? "\n" : "")
            + Wire.mapper().writeValueAsString(line)
            + "\n";
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private boolean endsTorn() throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      if (bytes.length() == 0) {
        return false;
      }
      bytes.seek(bytes.length() - 1);
      return bytes.read() != '\n';
    }
  }

  /** The finished file's bytes: a line an item, in the items' order. */
  static byte[] encoded(List<Item> items, Map<String, AnswerLine> answers) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Item item : items) {
      text.append(Wire.mapper().writeValueAsString(answers.get(item.id()))).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
