package io.fettle.cli.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code state/pool/{host}.json} wants: the local pool writes it, the supervisor obeys. */
record PoolHost(
    String host,
    String shape,
    @Nullable String desired,
    @Nullable Notice notice,
    boolean terminated) {

  /** The cloud takes the host away {@code windowSeconds} after {@code at}. */
  record Notice(Instant at, double windowSeconds) {
    Instant end() {
      return at.plusMillis((long) (windowSeconds * 1_000));
    }
  }

  static List<PoolHost> all(Home home) throws IOException {
    if (!Files.isDirectory(home.pool())) {
      return List.of();
    }
    var hosts = new ArrayList<PoolHost>();
    try (var files = Files.newDirectoryStream(home.pool(), "[!.]*.json")) {
      files.forEach(file -> JsonFile.read(file, PoolHost.class).ifPresent(hosts::add));
    }
    return hosts;
  }

  boolean shouldRun() {
    return "running".equals(desired) && !terminated;
  }

  boolean isDue(Instant now) {
    return notice != null && !terminated && !now.isBefore(notice.end());
  }

  /** Marks the host as gone for good; whatever else its file says stays. */
  void markTerminated(Home home) throws IOException {
    var file = home.pool().resolve(host + ".json");
    var tree = (ObjectNode) Wire.mapper().readTree(Files.readAllBytes(file));
    JsonFile.write(file, tree.put("terminated", true));
  }

  /** Tells the agent of a host that its time is up; whatever else its file says stays. */
  static void giveNotice(Home home, String host, Instant at, Duration window) throws IOException {
    var file = home.pool().resolve(host + ".json");
    var tree = (ObjectNode) Wire.mapper().readTree(Files.readAllBytes(file));
    tree.putObject("notice").put("at", at.toString()).put("windowSeconds", window.toSeconds());
    JsonFile.write(file, tree);
  }

  /** Its agent's process, as the supervisor names it. */
  String agent() {
    return "agent-" + host;
  }

  Path folder(Home home) {
    return home.hosts().resolve(host);
  }
}
