package io.fettle.activities.store.bucket;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code .NAME.parts}: a line with part and CRC-32C for each part that is there, written once the
 * part is. Whoever has it open is the only one at the file, on this machine: within a process by a
 * set of names (closing any channel on a file gives up the process's locks on it), between
 * processes by a lock.
 */
final class PartJournal implements AutoCloseable {
  private static final String FORMAT = "fettle-parts 2 ";
  private static final Pattern LINE = Pattern.compile("(\\d{1,9}) ([0-9a-f]{8}) \\.");

  /** What this process has open. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path place;
  private final FileChannel channel;
  private final FileLock lock;
  private final List<String> before;

  /** One part that is there. */
  record Line(int part, long sum) {
    String text() {
      return "%d %08x .\n".formatted(part, sum);
    }
  }

  private PartJournal(Path place, FileChannel channel, FileLock lock, List<String> before) {
    this.place = place;
    this.channel = channel;
    this.lock = lock;
    this.before = before;
  }

  /** Null while another process or thread has it, or where it was removed just now. */
  static @Nullable PartJournal open(Path target) throws IOException {
    var place =
        target.toAbsolutePath().normalize().resolveSibling("." + target.getFileName() + ".parts");
    if (!OPEN.add(place)) {
      return null;
    }
    PartJournal journal = null;
    try {
      journal = locked(place);
      return journal;
    } finally {
      if (journal == null) {
        OPEN.remove(place);
      }
    }
  }

  private static @Nullable PartJournal locked(Path place) throws IOException {
    var channel = FileChannel.open(place, CREATE, READ, WRITE);
    PartJournal journal = null;
    try {
      var lock = channel.tryLock();
      if (lock != null && isStill(place, channel)) {
        journal = new PartJournal(place, channel, lock, read(channel));
      }
      return journal;
    } finally {
      if (journal == null) {
        channel.close();
      }
    }
  }

  /** Whether what was locked still has the name: who held it before may have removed it. */
  private static boolean isStill(Path place, FileChannel channel) throws IOException {
    var mark = "\n" + UUID.randomUUID() + "\n";
    append(channel, mark);
    try {
      return Files.readString(place).contains(mark);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static List<String> read(FileChannel channel) throws IOException {
    var text = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    int n = 0;
    while (text.hasRemaining() && n >= 0) {
      n = channel.read(text, text.position());
    }
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).lines().toList();
  }

  /** Whether an earlier process has begun the same. */
  boolean isAbout(String what) {
    return !before.isEmpty() && before.getFirst().equals(FORMAT + what);
  }

  /** What an earlier process wrote; a line that was cut off, and a mark, stand for nothing. */
  List<Line> lines() {
    var lines = new ArrayList<Line>();
    for (var text : before) {
      var line = LINE.matcher(text);
      if (line.matches()) {
        lines.add(new Line(Integer.parseInt(line.group(1)), Long.parseLong(line.group(2), 16)));
      }
    }
    return lines;
  }

  /** Forgets what was there. */
  void begin(String what) throws IOException {
    channel.truncate(0);
    append(channel, FORMAT + what + "\n");
  }

  void add(Line line) throws IOException {
    append(channel, line.text());
  }

  private static void append(FileChannel channel, String text) throws IOException {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    long at = channel.size();
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Its file is done with. */
  void remove() throws IOException {
    Files.deleteIfExists(place);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      lock.release();
    } finally {
      OPEN.remove(place);
    }
  }
}
