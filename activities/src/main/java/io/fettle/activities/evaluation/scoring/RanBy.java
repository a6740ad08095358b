package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.data.hash.Sha256;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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

  private RanBy() {}

  /**
   * What a program says of its version, in the sandbox, and a hash of each folder.
   *
   * @param command its first word is asked
   */
  static SortedMap<String, String> of(
      List<String> command, List<String> readOnly, boolean confined, ScoringOptions options)
      throws IOException, InterruptedException {
    SortedMap<String, String> by = new TreeMap<>();
    String program = command.getFirst();
    by.put(program, version(program, readOnly, confined, options));
    for (String path : readOnly) {
      by.put(path, hash(Path.of(path)));
    }
    return by;
  }

  static SortedMap<String, String> of(Scoring.Command command, ScoringOptions options)
      throws IOException, InterruptedException {
    return of(command.command(), command.readOnly(), command.sandbox(), options);
  }

  private static String version(
      String program, List<String> readOnly, boolean confined, ScoringOptions options)
      throws IOException, InterruptedException {
    Sandbox sandbox = confined ? Sandbox.in(options.work()) : Sandbox.without(options.work());
    Sandbox.Ended ended =
        sandbox.run(new Sandbox.Job(List.of(program, "--version"), Map.of(), "", readOnly), LIMITS);
    String said = (ended.output().isBlank() ? ended.errors() : ended.output()).strip();
    String line = said.lines().findFirst().orElse("");
    return ended.ok() && !line.isEmpty()
        ? line.substring(0, Math.min(line.length(), LONGEST))
        : "a version that it does not say";
  }

  /** Of all names and contents below a path, in the order of the names. */
  static String hash(Path path) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (Stream<Path> all = Files.walk(path.toRealPath())) {
      for (Path each : all.sorted().toList()) {
        String name = path.toRealPath().relativize(each).toString();
        digest.update((name + "\n" + content(each) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
    return Sha256.of(digest);
  }

  private static String content(Path each) throws IOException {
    if (Files.isSymbolicLink(each)) {
      return "-> " + Files.readSymbolicLink(each);
    }
    return Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) ? Sha256.of(each) : "";
  }
}
