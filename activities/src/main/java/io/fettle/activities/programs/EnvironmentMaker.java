package io.fettle.activities.programs;

import io.fettle.activities.programs.Environments.Options;
import io.fettle.activities.programs.Environments.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Makes one environment with uv, or waits for whoever makes it. */
final class EnvironmentMaker {
  /** Those that every lock has wheels for; uv fetches one where the machine has none. */
  private static final String PYTHON = ">=3.11,<3.13";

  private final Options options;
  private final String name;
  private final Path folder;
  private final Path log;
  private final Progress progress;

  EnvironmentMaker(Options options, String name, Path folder, Progress progress) {
    this.options = options;
    this.name = name;
    this.folder = folder;
    this.log = folder.resolveSibling(folder.getFileName() + ".log");
    this.progress = progress;
  }

  void make() throws IOException, InterruptedException {
    Files.createDirectories(folder.resolveSibling("."));
    var theirs = new UvLog(log, name, progress);
    try (var lock =
        MakerLock.take(folder.resolveSibling(folder.getFileName() + ".lock"), theirs::tell)) {
      if (!Environments.isComplete(folder)) {
        install(lock);
      }
    }
  }

  private void install(MakerLock lock) throws IOException, InterruptedException {
    Files.deleteIfExists(log);
    var uv = new Uv(Uv.find(options, name, progress), log, new UvLog(log, name, progress)::tell);
    uv.run(what(), List.of("venv", "--clear", "--python", PYTHON, folder.toString()));
    Lock locked = Lock.of(options.programs(), name);
    if (options.torchIndex().isPresent()) {
      installWithTorchFrom(options.torchIndex().get(), locked, uv);
    } else {
      uv.run(what(), pip("--require-hashes", "-r", locked.file().toString()));
    }
    lock.confirm();
    Files.createFile(folder.resolve(".complete"));
  }

  /** The index's torch has other hashes than the locked one, so it alone is installed without. */
  private void installWithTorchFrom(URI index, Lock locked, Uv uv)
      throws IOException, InterruptedException {
    String rest =
        locked.requirements().stream()
            .filter(requirement -> !requirement.isCuda())
            .map(Lock.Requirement::text)
            .collect(Collectors.joining());
    Path file = Files.writeString(folder.resolve("requirements.lock"), rest);
    uv.run(what(), pip("--require-hashes", "-r", file.toString()));
    for (Lock.Requirement requirement : locked.requirements()) {
      if (requirement.name().equals("torch")) {
        uv.run(what(), pip("--index-url", index.toString(), requirement.pin()));
      }
    }
  }

  private List<String> pip(String... arguments) {
    List<String> all = new ArrayList<>(List.of("pip", "install", "--no-deps", "--python"));
    all.add(folder.resolve("bin/python").toString());
    all.addAll(List.of(arguments));
    return all;
  }

  private String what() {
    return "the Python environment " + name;
  }
}
