package io.fettle.activities.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program's {@code requirements.lock}: pinned packages with their hashes. */
record Lock(Path file, List<Requirement> requirements) {
  private static final Pattern START =
      Pattern.compile("^([A-Za-z0-9][A-Za-z0-9._-]*)==([^ ;\\\\]+)");

  /** What only a torch with CUDA needs, and torch itself. */
  private static final Pattern CUDA = Pattern.compile("torch|triton|nvidia-.*|cuda-.*");

  /** One package. {@code text}: its lines, with hashes. */
  record Requirement(String name, String version, String text) {
    String pin() {
      return name + "==" + version;
    }

    boolean isCuda() {
      return CUDA.matcher(name).matches();
    }
  }

  static Lock of(Path programs, String name) throws IOException {
    Path file = programs.resolve(name).resolve("requirements.lock");
    try {
      return new Lock(file, parsed(Files.readAllLines(file)));
    } catch (NoSuchFileException e) {
      throw new IOException(
          "there is no Python environment '" + name + "': " + file + " is missing", e);
    }
  }

  private static List<Requirement> parsed(List<String> lines) {
    List<Requirement> requirements = new ArrayList<>();
    for (int at = 0; at < lines.size(); at++) {
      Matcher start = START.matcher(lines.get(at));
      if (start.find()) {
        var text = new StringBuilder(lines.get(at)).append('\n');
        while (at + 1 < lines.size() && lines.get(at + 1).startsWith(" ")) {
          at++;
          text.append(lines.get(at)).append('\n');
        }
        requirements.add(new Requirement(start.group(1), start.group(2), text.toString()));
      }
    }
    return requirements;
  }
}
