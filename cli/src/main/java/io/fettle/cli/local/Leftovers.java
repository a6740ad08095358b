package io.fettle.cli.local;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.programs.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What lies in a home and is of no more use: builds that nothing runs from, the work of finished
 * leases, and what hosts have staged while no run is open. Nothing of it is younger than the grace.
 */
public final class Leftovers {
  private static final Pattern LEASE_FOLDER = Pattern.compile("(.+)-\\d{6,}");

  private final Home home;
  private final Set<String> openRuns;
  private final Instant limit;
  private final List<Leftover> found = new ArrayList<>();
  private final Set<Object> counted = new HashSet<>(); // files with several names free space once

  /**
   * A folder or file that may go.
   *
   * @param kind for people
   */
  public record Leftover(String kind, Path path, long bytes) {}

  private Leftovers(Home home, Set<String> openRuns, Duration grace) {
    this.home = home;
    this.openRuns = openRuns;
    this.limit = Instant.now().minus(grace);
  }

  /**
   * Looks, and changes nothing.
   *
   * @param openRuns the ids of all runs that have not ended
   */
  public static List<Leftover> find(Home home, Set<String> openRuns, Duration grace)
      throws IOException {
    var leftovers = new Leftovers(home, openRuns, grace);
    if (leftovers.ownsItsTools()) {
      leftovers.builds(commandLines());
    }
    for (var host : folders(home.hosts())) {
      leftovers.work(host);
      if (openRuns.isEmpty()) {
        leftovers.inputs(host);
      }
    }
    if (openRuns.isEmpty()) {
      leftovers.cache(home.state().resolve("work"));
    }
    return List.copyOf(leftovers.found);
  }

  /** Deletes one; false if it could not be deleted whole. */
  public static boolean delete(Leftover leftover) {
    try {
      if (Files.isDirectory(leftover.path())) {
        Folders.delete(leftover.path());
      } else {
        Files.deleteIfExists(leftover.path());
      }
      return true;
    } catch (IOException inUseOrGone) {
      return false;
    }
  }

  // --- Builds

  /** Tools that several homes share through a link are nobody's to delete. */
  private boolean ownsItsTools() throws IOException {
    return Files.isDirectory(home.tools())
        && home.tools().toRealPath().startsWith(home.path().toRealPath());
  }

  private void builds(List<String> commandLines) throws IOException {
    var inUse = new ArrayList<>(commandLines);
    inUse.add(JavaCommand.classPath());
    ControlBuilds.lastGood(home).ifPresent(good -> inUse.add(good.classPath()));
    for (var build : folders(home.tools().resolve("app"))) {
      var inside = "/app/" + build.getFileName() + "/"; // whatever links lead there
      if (inUse.stream().noneMatch(line -> line.contains(inside)) && isOld(build)) {
        add("old builds", build);
      }
    }
  }

  private static List<String> commandLines() throws IOException {
    var proc = Path.of("/proc/self/cmdline");
    if (!Files.exists(proc)) {
      return ProcessHandle.allProcesses()
          .flatMap(process -> process.info().commandLine().stream())
          .toList();
    }
    return folders(Path.of("/proc")).stream().map(Leftovers::commandLine).toList();
  }

  /** Empty for what is no process, or has ended. */
  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException none) {
      return "";
    }
  }

  // --- Hosts

  private void work(Path host) throws IOException {
    for (var lease : folders(host.resolve("work"))) {
      var name = LEASE_FOLDER.matcher(lease.getFileName().toString());
      var isOver = name.matches() && !openRuns.contains(run(name.group(1)));
      if (isOver && !isTraining(lease) && isOld(lease)) {
        add("work of finished leases", lease);
      }
    }
  }

  /** A train on a part of a run's rows has a ledger named after the run, a dot and the part. */
  private static String run(String ledger) {
    return ledger.split("\\.", 2)[0];
  }

  private static boolean isTraining(Path lease) throws IOException {
    var program = Program.adopt(lease);
    return program.isPresent() && program.get().exit().isEmpty();
  }

  private void inputs(Path host) throws IOException {
    for (var tree : folders(host.resolve("staged"))) {
      if (isOld(tree)) {
        add("staged inputs", tree);
      }
    }
    cache(host);
  }

  private void cache(Path owner) throws IOException {
    var cache = owner.resolve("cache");
    if (Files.isDirectory(cache)) {
      try (var files = Files.walk(cache)) {
        files.filter(Files::isRegularFile).filter(this::isOldFile).forEach(this::addCached);
      }
    }
  }

  private void addCached(Path file) {
    found.add(new Leftover("cached inputs", file, bytes(file)));
  }

  private void add(String kind, Path folder) throws IOException {
    long bytes = 0;
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        bytes += bytes(file);
      }
    }
    found.add(new Leftover(kind, folder, bytes));
  }

  private long bytes(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      var key = attributes.fileKey();
      return key == null || counted.add(key) ? attributes.size() : 0;
    } catch (IOException gone) {
      return 0;
    }
  }

  // --- Age

  /** Whether nothing in the folder was changed within the grace. */
  private boolean isOld(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      return all.allMatch(this::isOldFile);
    }
  }

  private boolean isOldFile(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
    } catch (IOException gone) {
      return false; // somebody is at work here
    }
  }

  private static List<Path> folders(Path parent) throws IOException {
    Predicate<Path> isFolder = path -> Files.isDirectory(path) && !Files.isSymbolicLink(path);
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(isFolder).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
  }
}
