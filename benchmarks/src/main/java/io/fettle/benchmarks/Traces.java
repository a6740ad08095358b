package io.fettle.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads availability traces: one file, or each {@code .json} of a folder. Every problem of every
 * file is found before anything is replayed.
 */
public final class Traces {
  private static final String EXAMPLE =
      "{\"metadata\": {\"gap_seconds\": 60}, \"data\": [1, 1, 0]}";
  private static final long MOST_BYTES = 64L << 20;
  private static final int MOST_PROBLEMS = 5;

  private final List<Trace> traces = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** What is wrong with the traces, a line a problem, each with its fix. */
  public static final class Unreadable extends Exception {
    private final transient List<String> problems;

    Unreadable(List<String> problems) {
      super("the traces cannot be replayed\n  " + String.join("\n  ", problems));
      this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
      return problems;
    }
  }

  public static List<Trace> read(Path path) throws Unreadable {
    var reading = new Traces();
    for (var file : reading.files(path)) {
      reading.add(file);
    }
    if (!reading.problems.isEmpty()) {
      throw new Unreadable(reading.problems);
    }
    return reading.traces;
  }

  private List<Path> files(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (var entries = Files.list(path)) {
      var files =
          entries.filter(file -> file.getFileName().toString().endsWith(".json")).sorted().toList();
      if (files.isEmpty()) {
        problems.add(path + " holds no .json file; put the traces there, each as " + EXAMPLE);
      }
      return files;
    } catch (IOException e) {
      problems.add(path + " is not there; --traces names a trace's file or a folder of them");
      return List.of();
    }
  }

  private void add(Path file) {
    var name = String.valueOf(file.getFileName());
    try {
      if (Files.size(file) > MOST_BYTES) {
        problems.add(name + " has over 64 MiB; split it, a long trace is as good as several");
        return;
      }
      add(name, Files.readAllBytes(file));
    } catch (IOException e) {
      problems.add(name + " cannot be read: " + e.getMessage());
    }
  }

  private void add(String name, byte[] body) throws IOException {
    var tree = parsed(name, body);
    if (tree.isEmpty()) {
      return;
    }
    int before = problems.size();
    double gap = gap(name, tree.get().path("metadata").path("gap_seconds"));
    var available = available(name, tree.get().path("data"));
    if (problems.size() == before) {
      traces.add(new Trace(name, gap, available));
    }
  }

  private Optional<JsonNode> parsed(String name, byte[] body) throws IOException {
    try {
      var tree = Wire.mapper().readTree(body);
      if (tree != null && tree.isObject()) {
        return Optional.of(tree);
      }
      problems.add(name + " holds no JSON object; a trace is " + EXAMPLE);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      problems.add(
          "%s is no JSON at line %d; a trace is %s"
              .formatted(name, at == null ? 1 : at.getLineNr(), EXAMPLE));
    }
    return Optional.empty();
  }

  private double gap(String name, JsonNode gap) {
    double seconds = gap.isNumber() ? gap.asDouble() : Double.NaN;
    if (!(seconds > 0) || Double.isInfinite(seconds)) {
      problems.add(
          "%s: metadata.gap_seconds is %s; it is the seconds that an entry of data stands for, as 60"
              .formatted(name, gap.isMissingNode() ? "missing" : shortened(gap)));
    }
    return seconds;
  }

  private List<Boolean> available(String name, JsonNode data) {
    var available = new ArrayList<Boolean>();
    if (!data.isArray() || data.isEmpty()) {
      problems.add(
          "%s: data is %s; it is a list of 1 (a host could be had) and 0 (none)"
              .formatted(name, data.isMissingNode() ? "missing" : shortened(data)));
      return available;
    }
    int wrong = 0;
    for (int at = 0; at < data.size(); at++) {
      var entry = data.get(at);
      boolean known = isValue(entry, 0) || isValue(entry, 1);
      if (!known && ++wrong <= MOST_PROBLEMS) {
        problems.add(
            "%s: data[%d] is %s; write 1 where a host could be had, 0 where none could"
                .formatted(name, at, shortened(entry)));
      }
      available.add(isValue(entry, 1));
    }
    if (wrong > MOST_PROBLEMS) {
      problems.add("%s: %d more entries of data are wrong".formatted(name, wrong - MOST_PROBLEMS));
    } else if (wrong == 0 && !available.contains(true)) {
      problems.add(
          name + ": data holds no 1, so nothing could train; if 1 means preempted there, turn it");
    }
    return available;
  }

  private static boolean isValue(JsonNode entry, double value) {
    return entry.isNumber() && entry.asDouble() == value;
  }

  private static String shortened(JsonNode node) {
    var text = node.toString();
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
