package io.fettle.activities.training;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.disks.Folders;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one lease on its host: what any agent process needs to go on with the trainer that
 * another one started. Files are replaced whole and flushed.
 */
record WorkFolder(Path path) {
  /** What waited longer waited for a store that was away, which says nothing of the next one. */
  private static final Duration OLDEST = Duration.ofMinutes(5);

  private static final Logger log = LoggerFactory.getLogger(WorkFolder.class);

  static WorkFolder of(Path hostDirectory, String run, int lease) {
    return new WorkFolder(hostDirectory.resolve("work").resolve("%s-%06d".formatted(run, lease)));
  }

  /** Every folder whose train has not been delivered, oldest lease first. */
  static List<WorkFolder> open(Path hostDirectory) throws IOException {
    var work = hostDirectory.resolve("work");
    if (!Files.isDirectory(work)) {
      return List.of();
    }
    try (var folders = Files.list(work)) {
      return folders
          .sorted()
          .map(WorkFolder::new)
          .filter(folder -> Files.exists(folder.assignmentFile()) && !folder.isClosed())
          .toList();
    }
  }

  Optional<Assignment> assignment() throws IOException {
    return read(assignmentFile(), Assignment.class);
  }

  void write(Assignment assignment) throws IOException {
    write(assignmentFile(), Wire.mapper().writeValueAsBytes(assignment));
  }

  /** The token of the newest activity that asked for this train. */
  Optional<byte[]> token() throws IOException {
    return bytes(path.resolve("token"));
  }

  void writeToken(byte[] token) throws IOException {
    write(path.resolve("token"), token);
  }

  Optional<Stop> stop() throws IOException {
    return read(path.resolve("stop.json"), Stop.class);
  }

  void write(Stop stop) throws IOException {
    write(path.resolve("stop.json"), Wire.mapper().writeValueAsBytes(stop));
  }

  Optional<Outcome> outcome() throws IOException {
    return read(path.resolve("outcome.json"), Outcome.class);
  }

  void write(Outcome outcome) throws IOException {
    write(path.resolve("outcome.json"), Wire.mapper().writeValueAsBytes(outcome));
  }

  boolean isClosed() {
    return Files.exists(path.resolve("closed"));
  }

  /** Nobody will ask again. Records and logs stay, what is large goes. */
  void close() throws IOException {
    write(path.resolve("closed"), new byte[0]);
    for (var large : List.of(checkpoints(), resume(), shards(), path.resolve(".trl"))) {
      Folders.delete(large);
    }
  }

  /** Where a trainer finds the shards that it has asked for. */
  Path shards() {
    return path.resolve("shards");
  }

  Path events() {
    return path.resolve("events.jsonl");
  }

  /** What the agent itself saw of the lease, as {@link #events} for its trainer. */
  Path notes() {
    return path.resolve("agent.jsonl");
  }

  /** Appends to {@link #notes}, which people and estimates read: a full disk fails no train. */
  void note(String event, Consumer<ObjectNode> fields) {
    var note = Wire.mapper().createObjectNode();
    note.put("event", event).put("time", System.currentTimeMillis() / 1e3);
    fields.accept(note);
    try {
      Files.createDirectories(path);
      Files.writeString(notes(), note + "\n", CREATE, APPEND);
    } catch (IOException e) {
      log.info("{} is not noted: {}", note, e.toString());
    }
  }

  /** Read by the trainer at its step boundaries. */
  Path interval() {
    return path.resolve("interval.json");
  }

  Path config() {
    return path.resolve("run.json");
  }

  Path checkpoints() {
    return path.resolve("checkpoints");
  }

  Path checkpoint(long step) {
    return checkpoints().resolve("step-%010d".formatted(step));
  }

  /** How long ago a checkpoint was written, by this machine's clock; 0 where it jumped. Seconds. */
  double age(long step) throws IOException {
    var written = Files.getLastModifiedTime(checkpoint(step).resolve("manifest.json")).toInstant();
    var age = Duration.between(written, Instant.now());
    return age.isNegative() || age.compareTo(OLDEST) > 0 ? 0 : age.toMillis() / 1e3;
  }

  /** The steps of the checkpoints that lie here whole, in order. */
  List<Long> steps() throws IOException {
    if (!Files.isDirectory(checkpoints())) {
      return List.of();
    }
    try (var folders = Files.list(checkpoints())) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .map(name -> Long.valueOf(name.substring("step-".length())))
          .sorted()
          .toList();
    }
  }

  Path resume() {
    return path.resolve("resume");
  }

  private Path assignmentFile() {
    return path.resolve("assignment.json");
  }

  private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
    var body = bytes(file);
    return body.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().readValue(body.get(), type));
  }

  private static Optional<byte[]> bytes(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  static void write(Path file, byte[] body) throws IOException {
    Files.createDirectories(file.getParent());
    var draft = Files.createTempFile(file.getParent(), ".", ".draft");
    try (var channel = FileChannel.open(draft, WRITE)) {
      channel.write(ByteBuffer.wrap(body));
      channel.force(true);
    }
    Files.move(draft, file, ATOMIC_MOVE, REPLACE_EXISTING);
  }
}
