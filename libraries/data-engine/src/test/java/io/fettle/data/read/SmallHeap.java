package io.fettle.data.read;

import io.fettle.data.read.Format.Container;
import io.fettle.data.read.Format.Shape;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads files in a process that can hold little. */
final class SmallHeap {
  private SmallHeap() {}

  /** What became of each file, in a line each. */
  static List<String> read(int megabytes, List<Path> files) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx%dm".formatted(megabytes),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName()));
    files.forEach(file -> command.add(file.toString()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.inputReader()) {
      List<String> told = out.lines().toList();
      process.waitFor(1, TimeUnit.MINUTES);
      return told;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Takes files, whose names say how they are to be read. */
  public static void main(String[] arguments) throws IOException {
    for (String each : arguments) {
      System.out.println(told(Path.of(each)));
    }
  }

  private static String told(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    var format = format(name);
    var counts = new Counts();
    try {
      RowReader.of(format).read(new Source(file, name, format, FieldMapping.usual()), counts);
      return counts.rows + " rows " + counts.bad;
    } catch (UnreadableFile e) {
      return counts.rows + " rows " + counts.bad + ", then " + e.getMessage();
    }
  }

  private static Format format(String name) {
    if (name.contains(".parquet")) {
      return new Format(Container.PARQUET, Shape.PROMPT_COMPLETION);
    }
    return name.contains(".csv") ? Format.CSV : Format.PROMPT_COMPLETION_JSONL;
  }

  private static final class Counts implements RowReader.Sink {
    private final List<String> bad = new ArrayList<>();
    private long rows;

    @Override
    public void row(Row row) {
      rows++;
    }

    @Override
    public void bad(Reason reason, String rowId) {
      bad.add(rowId + " " + reason.key());
    }
  }
}
