package io.fettle.activities.programs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a growing file of one JSON object a line, each once, while its writer is in the middle of
 * the next. Not for concurrent use.
 */
public final class EventTail {
  private static final Logger log = LoggerFactory.getLogger(EventTail.class);
  private static final int LONGEST_LINE = 1 << 20;

  private final Path file;
  private long offset;
  private boolean skipping;

  /** Reads from the start of a file, which need not exist yet. */
  public EventTail(Path file) {
    this(file, 0);
  }

  /** Reads on from an offset that {@link #offset} gave. */
  public EventTail(Path file, long offset) {
    this.file = file;
    this.offset = offset;
  }

  /** Where the next unread line begins. */
  public long offset() {
    return offset;
  }

  /**
   * The whole lines that were appended since the last read; lines that are no JSON object are left
   * out with a warning.
   */
  public List<JsonNode> read() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < offset) {
        log.warn("{} has shrunk below {} bytes; reading it again from its start", file, offset);
        offset = 0;
      }
      boolean more = true;
      while (more) {
        more = readSome(channel, events);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return events;
  }

  /** Reads the whole lines of one bufferful; false once there is none. */
  private boolean readSome(FileChannel channel, List<JsonNode> events) throws IOException {
    byte[] bytes = bytesAt(channel);
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        add(bytes, from, at, events);
        from = at + 1;
      }
    }
    if (from == 0 && bytes.length == LONGEST_LINE) {
      log.warn(
          "{}: the line at byte {} is over {} bytes and is left out", file, offset, LONGEST_LINE);
      skipping = true;
      from = bytes.length;
    }
    offset += from;
    return from > 0;
  }

  private byte[] bytesAt(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(LONGEST_LINE, channel.size() - offset));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        break;
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private void add(byte[] bytes, int from, int to, List<JsonNode> events) {
    boolean rest = skipping; // the end of a line whose start was left out
    skipping = false;
    if (rest || from == to) {
      return;
    }
    try {
      JsonNode event = Wire.mapper().readTree(bytes, from, to - from);
      if (event.isObject()) {
        events.add(event);
        return;
      }
    } catch (IOException e) { // told below, without the line: it may hold a row
    }
    log.warn("{}: the line at byte {} is no JSON object and is left out", file, offset + from);
  }
}
