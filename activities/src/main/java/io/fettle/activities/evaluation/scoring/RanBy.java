package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.data.hash.Sha256;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What decides marks by programs beside answers and criteria: this machine's interpreter and the
 * folders that it shows them. They are in no criteria, which are frozen on another machine.
 */
final class RanBy {
  private static final Sandbox.Limits LIMITS =
      new Sandbox.Limits(Duration.ofSeconds(20), 1024, 64, 16, 64);
  private static final int LONGEST = 200;
  private static final String NOT_READABLE = "not readable";

  private RanBy() {}

  /**
   * What a program says of its version, in the sandbox, and a hash of each folder's names, sizes
   * and times. It is a footnote of marks that are made already, so what cannot be read is told as
   * such.
   *
   * @param command its first word is asked
   */
  static SortedMap<String, String> of(
      List<String> command, List<String> readOnly, boolean confined, ScoringOptions options)
      throws InterruptedException {
    SortedMap<String, String> by = new TreeMap<>();
    String program = command.getFirst();
    by.put(program, version(program, readOnly, confined, options));
    for (String path : readOnly) {
      by.put(path, state(path));
    }
    return by;
  }

  static SortedMap<String, String> of(Scoring.Command command, ScoringOptions options)
      throws InterruptedException {
    return of(command.command(), command.readOnly(), command.sandbox(), options);
  }

  private static String version(
      String program, List<String> readOnly, boolean confined, ScoringOptions options)
      throws InterruptedException {
    Sandbox sandbox = confined ? Sandbox.in(options.work()) : Sandbox.without(options.work());
    Sandbox.Job asked = new Sandbox.Job(List.of(program, "--version"), Map.of(), "", readOnly);
    try {
      return said(sandbox.run(asked, LIMITS));
    } catch (IOException notHere) {
      return NOT_READABLE;
    }
  }

  private static String said(Sandbox.Ended ended) {
    String said = (ended.output().isBlank() ? ended.errors() : ended.output()).strip();
    String line = said.lines().findFirst().orElse("");
    return ended.ok() && !line.isEmpty()
        ? line.substring(0, Math.min(line.length(), LONGEST))
        : "a version that it does not say";
  }

  /** Of all below a path, in the order of the names; not of contents, which may be gigabytes. */
  private static String state(String path) {
    MessageDigest digest = Sha256.digest();
    try {
      Path root = Path.of(path).toRealPath();
      try (Stream<Path> all = Files.walk(root)) {
        for (Path each : all.sorted().toList()) {
          digest.update(
              "%s\n%s\n"
                  .formatted(root.relativize(each), of(each))
                  .getBytes(StandardCharsets.UTF_8));
        }
      }
      return Sha256.of(digest);
    } catch (IOException | UncheckedIOException | InvalidPathException unreadable) {
      return NOT_READABLE;
    }
  }

  private static String of(Path each) throws IOException {
    var attributes =
        Files.readAttributes(each, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      return "-> " + Files.readSymbolicLink(each);
    }
    return attributes.isRegularFile()
        ? "%d %s".formatted(attributes.size(), attributes.lastModifiedTime())
        : "";
  }
}
