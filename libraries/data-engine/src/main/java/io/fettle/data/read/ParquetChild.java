package io.fettle.data.read;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that reads a Parquet file and writes its records as lines. The decoders of its packed
 * pages are native code, which a damaged page was seen to crash and to hang: that must not take the
 * worker along.
 */
final class ParquetChild implements Closeable {
  /** Begins the line of a record that is none; the name of the reason follows. */
  static final String BAD = "!";

  private static final long SILENCE_S = 120;

  private final String name;
  private final Process process;
  private final Path errors;
  private final long fileBytes;
  private final AtomicLong read = new AtomicLong();
  private final Thread watch;
  private volatile boolean stalled;

  private ParquetChild(String name, Process process, Path errors, long fileBytes) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.fileBytes = fileBytes;
    watch = Thread.ofVirtual().start(this::watch);
  }

  /** Writes the names of the columns, one a line. */
  static ParquetChild columns(String name, Path file) throws IOException {
    return started(name, file, List.of(ParquetMain.COLUMNS, file.toString()));
  }

  /** Writes an object a line; stops at once if one of the columns is not there. */
  static ParquetChild records(Source source, List<String> needed) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of(ParquetMain.RECORDS, source.path().toString()));
    arguments.addAll(needed);
    return started(source.name(), source.path(), arguments);
  }

  private static ParquetChild started(String name, Path file, List<String> arguments)
      throws IOException {
    long fileBytes = Files.size(file);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:+SuppressFatalErrorMessage", // of a crash the exit code tells enough
                "-XX:-CreateCoredumpOnCrash",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ParquetMain.class.getName()));
    command.addAll(arguments);
    Path errors = Files.createTempFile("fettle-parquet", ".err");
    try {
      var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      return new ParquetChild(name, process, errors, fileBytes);
    } catch (IOException e) {
      Files.deleteIfExists(errors);
      throw e;
    }
  }

  /** What it writes. */
  InputStream out() {
    var growth = new Growth();
    return new FilterInputStream(process.getInputStream()) {
      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int n = super.read(into, from, length);
        read.incrementAndGet();
        growth.add(n, fileBytes);
        return n;
      }
    };
  }

  /**
   * Says what went wrong, after all was read.
   *
   * @param record the one after the last that came
   */
  void finish(long record) throws IOException {
    int code = code();
    if (stalled) {
      throw new UnreadableFile(
          name,
          record,
          "nothing more could be read in %d s; write the file again".formatted(SILENCE_S));
    }
    if (code == ParquetMain.REFUSED) {
      throw new UnreadableFile(name, record, sentence());
    }
    if (code != 0) {
      throw new UnreadableFile(
          name,
          record,
          "is no sound Parquet (its decoder broke off with %d); copy the file again"
              .formatted(code));
    }
  }

  /** The last line; those before it are the library's log. */
  private String sentence() throws IOException {
    return Files.readString(errors).lines().reduce("", (_, last) -> last);
  }

  private int code() throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while " + name + " was read");
    }
  }

  /**
   * A full pipe is no silence: then it is we who do not read, and the count stands still as well.
   */
  private void watch() {
    try {
      long seen = -1;
      while (!process.waitFor(SILENCE_S, TimeUnit.SECONDS)) {
        long now = read.get();
        if (now == seen && available() == 0) {
          stalled = true;
          process.destroyForcibly();
        }
        seen = now;
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private int available() {
    try {
      return process.getInputStream().available();
    } catch (IOException _) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    watch.interrupt();
    Files.deleteIfExists(errors);
  }
}
