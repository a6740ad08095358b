package io.fettle.activities.capacity.local;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.capacity.HostClaim.Claim;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The pool's folder: a file a host, and a file an acquisition under {@code reservations/}. */
final class PoolFiles {
  private static final Duration UNCLAIMED = Duration.ofMinutes(10);
  private static final ReentrantLock IN_PROCESS =
      new ReentrantLock(); // a file lock binds processes only

  private final Path agents;
  private final Path hosts;
  private final Path reservations;

  PoolFiles(Path state) {
    this.agents = state.resolve("hosts");
    this.hosts = state.resolve("pool");
    this.reservations = hosts.resolve("reservations");
  }

  interface Action<T> {
    T run() throws IOException;
  }

  /** Runs with the acquisitions to itself. */
  <T> T locked(Action<T> action) throws IOException {
    Files.createDirectories(reservations);
    IN_PROCESS.lock();
    try (var channel = FileChannel.open(reservations.resolve(".lock"), CREATE, WRITE)) {
      channel.lock(); // until the channel closes
      return action.run();
    } finally {
      IN_PROCESS.unlock();
    }
  }

  List<PoolHost> hosts() throws IOException {
    var found = new ArrayList<PoolHost>();
    for (var file : jsonFiles(hosts)) {
      var name = file.getFileName().toString().replaceFirst("\\.json$", "");
      find(file).ifPresent(tree -> found.add(PoolHost.read(name, tree)));
    }
    return found;
  }

  Optional<PoolHost> host(String host) throws IOException {
    return find(hosts.resolve(host + ".json")).map(tree -> PoolHost.read(host, tree));
  }

  void create(String host, String shape) throws IOException {
    var file = Wire.mapper().createObjectNode();
    file.put("host", host)
        .put("shape", shape)
        .put("desired", "running")
        .put("terminated", false)
        .putNull("notice");
    write(hosts.resolve(host + ".json"), file);
  }

  /** The supervisor then ends its agent. */
  void stop(String host) throws IOException {
    var file = hosts.resolve(host + ".json");
    var tree = find(file);
    if (tree.isPresent()) {
      write(file, tree.get().put("desired", "stopped"));
    }
  }

  List<Reservation> reservations() throws IOException {
    var found = new ArrayList<Reservation>();
    for (var file : jsonFiles(reservations)) {
      var tree = find(file);
      if (tree.isPresent()) {
        found.add(Wire.mapper().treeToValue(tree.get(), Reservation.class));
      }
    }
    return found;
  }

  Optional<Reservation> reservation(String token) throws IOException {
    var tree = find(reservations.resolve(token + ".json"));
    return tree.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().treeToValue(tree.get(), Reservation.class));
  }

  /** The token of the claim that the host's agent keeps. */
  Optional<String> claim(String host) throws IOException {
    var tree = find(agents.resolve(host).resolve("claim.json"));
    return tree.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().treeToValue(tree.get(), Claim.class).token());
  }

  /**
   * Whether nobody claimed it in a time in which every claim is answered or given up: its run was
   * terminated in between. Both times are this machine's.
   */
  boolean isForgotten(Reservation reservation) {
    if (reservation.state() != Reservation.State.INTENDED) {
      return false;
    }
    return age(reservation, Instant.now()).compareTo(UNCLAIMED) > 0;
  }

  /** Since it was last changed; zero where that cannot be told. */
  Duration age(Reservation reservation, Instant now) {
    try {
      var written = Files.getLastModifiedTime(reservations.resolve(reservation.token() + ".json"));
      return Duration.between(written.toInstant(), now);
    } catch (IOException e) {
      return Duration.ZERO;
    }
  }

  void put(Reservation reservation) throws IOException {
    write(
        reservations.resolve(reservation.token() + ".json"),
        Wire.mapper().valueToTree(reservation));
  }

  private static List<Path> jsonFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static Optional<ObjectNode> find(Path file) throws IOException {
    try {
      return Wire.mapper().readTree(Files.readAllBytes(file)) instanceof ObjectNode tree
          ? Optional.of(tree)
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void write(Path file, ObjectNode tree) throws IOException {
    var draft = Files.createTempFile(file.getParent(), ".", ".draft");
    Files.write(draft, Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
