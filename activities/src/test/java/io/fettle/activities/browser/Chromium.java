package io.fettle.activities.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The first Chromium on the PATH, with a profile of its own in a folder. */
public final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");

  private final String program;
  private final Path folder;

  private Chromium(String program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /** Ends the test as skipped where there is none. */
  public static Chromium in(Path folder) {
    Optional<Path> found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(found.isPresent(), "no Chromium is on the PATH");
    return new Chromium(found.orElseThrow().toString(), folder);
  }

  /** Opens an address with further options; returns what it printed. */
  public String open(String address, String... options) throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", "");
    Stream<String> usual =
        Stream.of(
            program,
            "--headless",
            "--no-sandbox", // CI is root, and the page is ours
            "--disable-gpu",
            "--user-data-dir=" + folder.resolve("profile"));
    List<String> command =
        Stream.of(usual, Arrays.stream(options), Stream.of(address)).flatMap(part -> part).toList();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended && process.exitValue() == 0)
        .as("%s: %s", command, Files.readString(folder.resolve("err")))
        .isTrue();
    return Files.readString(out);
  }
}
