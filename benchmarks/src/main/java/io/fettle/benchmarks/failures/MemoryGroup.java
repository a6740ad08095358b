package io.fettle.benchmarks.failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group of this machine's memory controller, below the one that this process is in: a
 * host with a memory of its own. Linux, and as a user who may make one.
 */
record MemoryGroup(Path folder, Path outside, String limit, String usage) implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int PERCENT = 100;

  /** Empty where this machine lets us make none. */
  static Optional<MemoryGroup> make(String name) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      var parts = line.split(":", 3);
      var group =
          switch (parts[1]) {
            case "memory" ->
                at(ROOT.resolve("memory" + parts[2]), name, "limit_in_bytes", "usage_in_bytes");
            case "" -> at(ROOT.resolve(parts[2].substring(1)), name, "max", "current");
            default -> Optional.<MemoryGroup>empty();
          };
      if (group.isPresent()) {
        return group;
      }
    }
    return Optional.empty();
  }

  private static Optional<MemoryGroup> at(Path outside, String name, String limit, String usage) {
    var folder = outside.resolve(name);
    try {
      Files.createDirectory(folder);
      var group = new MemoryGroup(folder, outside, "memory." + limit, "memory." + usage);
      if (Files.isWritable(folder.resolve(group.limit()))) {
        return Optional.of(group);
      }
      Files.delete(folder);
    } catch (IOException notAllowed) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** It and every process that it starts from now on. */
  void take(long pid) throws IOException {
    move(pid, folder);
  }

  void giveBack(long pid) throws IOException {
    move(pid, outside);
  }

  private static void move(long pid, Path to) throws IOException {
    Files.writeString(to.resolve("cgroup.procs"), String.valueOf(pid));
  }

  /** Leaves as little room as the kernel agrees to: what its processes ask for next is too much. */
  void squeeze() throws IOException {
    long used = Long.parseLong(Files.readString(folder.resolve(usage)).strip());
    for (int percent = PERCENT / 2; percent <= PERCENT; percent++) {
      if (accepts(used * percent / PERCENT)) {
        return;
      }
    }
  }

  private boolean accepts(long bytes) {
    try {
      Files.writeString(folder.resolve(limit), String.valueOf(bytes));
      return true;
    } catch (IOException inUse) {
      return false;
    }
  }

  /** Whoever is still in it goes outside first. */
  @Override
  public void close() throws IOException {
    for (var pid : List.copyOf(Files.readAllLines(folder.resolve("cgroup.procs")))) {
      giveBack(Long.parseLong(pid));
    }
    Files.delete(folder);
  }
}
