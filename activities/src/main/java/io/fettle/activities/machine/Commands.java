package io.fettle.activities.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Small programs of the machine, which answer in seconds or not at all. */
final class Commands {
  private static final Duration PATIENCE =
      Duration.ofSeconds(20); // a first nvidia-smi may take ten

  private final List<Path> folders;

  Commands(String path) {
    this.folders =
        Stream.of(path.split(":", -1)).filter(each -> !each.isEmpty()).map(Path::of).toList();
  }

  /** What it printed; empty where it is not there, fails or says nothing in time. */
  Optional<String> answer(String program, String... arguments) throws InterruptedException {
    var file =
        folders.stream()
            .map(folder -> folder.resolve(program))
            .filter(Files::isExecutable)
            .findFirst();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    var command = Stream.concat(Stream.of(file.get().toString()), Stream.of(arguments)).toList();
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
