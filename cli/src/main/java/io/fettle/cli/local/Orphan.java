package io.fettle.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trainers and engines: they outlive whoever started them, and are found by the file that they were
 * started with.
 */
record Orphan(String name, ProcessId id) {

  static List<Orphan> trainers(Home home, String host) throws IOException {
    return in(home.hosts().resolve(host).resolve("work"), "trainer " + host + "/");
  }

  static List<Orphan> trainers(Home home) throws IOException {
    var found = new ArrayList<Orphan>();
    for (var host : folders(home.hosts())) {
      found.addAll(trainers(home, host.getFileName().toString()));
    }
    return found;
  }

  static List<Orphan> engines(Home home) throws IOException {
    return in(home.engines(), "engine ");
  }

  private static List<Orphan> in(Path parent, String prefix) throws IOException {
    var found = new ArrayList<Orphan>();
    for (var folder : folders(parent)) {
      JsonFile.read(folder.resolve("process.json"), ProcessId.class)
          .filter(ProcessId::isAlive)
          .ifPresent(id -> found.add(new Orphan(prefix + folder.getFileName(), id)));
    }
    return found;
  }

  private static List<Path> folders(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (var entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }
}
