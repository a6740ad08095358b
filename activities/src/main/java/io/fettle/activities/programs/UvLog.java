package io.fettle.activities.programs;

import io.fettle.activities.programs.Environments.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how far uv is from what it writes without a terminal: {@code Resolved 94 packages}, {@code
 * Downloading torch (846.8MiB)}, {@code Downloaded torch}, {@code Prepared 94 packages}, {@code
 * Installed 94 packages}. What uv does not say (small files, or all of it, in another version) is
 * only missing from the bar.
 */
final class UvLog {
  private static final Pattern DOWNLOADING =
      Pattern.compile("\\s*Downloading (\\S+) \\(([0-9.]+)([KMG]?i?B)\\)");
  private static final Pattern DOWNLOADED = Pattern.compile("\\s*Downloaded (\\S+)");
  private static final Pattern PHASE =
      Pattern.compile("(Resolved|Prepared|Installed) (\\d+) packages?.*");

  private final Path log;
  private final String environment;
  private final Progress progress;
  private final Map<String, Long> downloading = new LinkedHashMap<>();
  private long downloaded;
  private long announced;
  private int linesSeen;

  UvLog(Path log, String environment, Progress progress) {
    this.log = log;
    this.environment = environment;
    this.progress = progress;
  }

  /** Tells what the log says by now. */
  void tell() throws IOException {
    String text;
    try {
      text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8); // a few kilobytes
    } catch (NoSuchFileException e) {
      return;
    }
    String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1);
    for (; linesSeen < lines.length - 1; linesSeen++) {
      read(lines[linesSeen]);
    }
    downloading.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .ifPresent(
            largest ->
                progress.on(
                    environment, "download " + largest.getKey(), downloaded, announced, "bytes"));
  }

  private void read(String line) {
    Matcher start = DOWNLOADING.matcher(line);
    if (start.matches()) {
      long bytes = bytes(Double.parseDouble(start.group(2)), start.group(3));
      downloading.put(start.group(1), bytes);
      announced += bytes;
      return;
    }
    Matcher end = DOWNLOADED.matcher(line);
    if (end.matches()) {
      Long bytes = downloading.remove(end.group(1));
      downloaded += bytes == null ? 0 : bytes;
      progress.on(environment, "download " + end.group(1), downloaded, announced, "bytes");
      return;
    }
    Matcher phase = PHASE.matcher(line);
    if (phase.matches()) {
      long count = Long.parseLong(phase.group(2));
      switch (phase.group(1)) {
        case "Resolved" -> progress.on(environment, "download", 0, count, "packages");
        case "Prepared" -> progress.on(environment, "install", 0, count, "packages");
        default -> progress.on(environment, "installed", count, count, "packages");
      }
    }
  }

  private static long bytes(double number, String unit) {
    return (long)
        switch (unit.charAt(0)) {
          case 'K' -> number * (1L << 10);
          case 'M' -> number * (1L << 20);
          case 'G' -> number * (1L << 30);
          default -> number;
        };
  }
}
