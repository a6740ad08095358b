package io.fettle.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fettle.workflows.wire.Wire;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a benchmark printed: a table for people, one JSON object for machines. */
record Report(String bench, boolean ok, Machine machine, List<Row> rows) {
  record Machine(String system, int cores, long memoryGigabytes, String java) {
    static Machine here() {
      long bytes =
          ManagementFactory.getOperatingSystemMXBean()
                  instanceof com.sun.management.OperatingSystemMXBean system
              ? system.getTotalMemorySize()
              : 0;
      return new Machine(
          System.getProperty("os.name") + " " + System.getProperty("os.arch"),
          Runtime.getRuntime().availableProcessors(),
          bytes / 1_000_000_000,
          Runtime.version().toString());
    }
  }

  /**
   * Ok where no row is false; in a full run a row that nothing can be said about counts as false.
   */
  static Report of(String bench, Effort.Level level, List<Row> rows) {
    boolean ok = rows.stream().allMatch(row -> row.ok().orElse(level != Effort.Level.FULL));
    return new Report(bench, ok, Machine.here(), List.copyOf(rows));
  }

  String json() {
    try {
      return Wire.mapper().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the report of " + bench + " as JSON", e);
    }
  }

  String table() {
    var cells = new ArrayList<List<String>>();
    cells.add(List.of("", "row", "value", "bar", "control", "95 %", "n", "note"));
    rows.forEach(row -> cells.add(cells(row)));
    var lines = new StringBuilder();
    for (var line : cells) {
      for (int column = 0; column < line.size(); column++) {
        lines.append(pad(line.get(column), width(cells, column)));
      }
      lines.setLength(lines.toString().stripTrailing().length());
      lines.append('\n');
    }
    return lines.append(bench).append(ok ? ": ok" : ": FAILED").append('\n').toString();
  }

  private static List<String> cells(Row row) {
    String state =
        row.ok().map(good -> good ? "ok" : "FAIL").orElse(row.value().isEmpty() ? "SKIPPED" : "?");
    return List.of(
        state,
        row.name(),
        row.value().map(value -> (Numbers.text(value) + " " + row.unit()).strip()).orElse("-"),
        row.bar().map(Bar::toString).orElse(""),
        row.control().map(Numbers::text).orElse(""),
        row.interval()
            .map(it -> Numbers.text(it.low()) + " .. " + Numbers.text(it.high()))
            .orElse(""),
        row.trials() == 0 ? "" : String.valueOf(row.trials()),
        row.note());
  }

  private static int width(List<List<String>> cells, int column) {
    return cells.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  private static String pad(String text, int width) {
    return width == 0 ? "" : String.format(Locale.ROOT, "%-" + (width + 2) + "s", text);
  }
}
