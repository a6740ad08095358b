package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no heap can hold: read with 96 MB. */
class HugeFilesTest {
  private static final int HEAP_MB = 96;
  private static final String ROW = "{\"prompt\": \"u\", \"completion\": \"a\"}\n";
  private static final byte[] MEGABYTE = filled(1 << 20);

  @TempDir Path folder;

  @Test
  void a_line_of_200_mb_a_quote_without_an_end_and_bombs_end_in_counts_or_a_clear_stop()
      throws Exception {
    var files =
        List.of(
            file("line.jsonl", 200, ROW, "\n" + ROW),
            file("line.csv", 200, "prompt,completion\nu,a\n\"u\n", "\",a\nu,a\n"),
            file("line.csv.gz", 200, "prompt,completion\nu,a\nu,", "\nu,a\n"),
            file("lines.csv", 0, "prompt,completion\nu,a\n\"u,a\n", "", 200),
            file("bomb.jsonl.gz", 320, ROW, "\n" + ROW),
            file("bomb.jsonl.zst", 320, ROW, "\n" + ROW));

    assertThat(SmallHeap.read(HEAP_MB, files))
        .containsExactly(
            "2 rows [line.jsonl:2 line_too_long]",
            "2 rows [line.csv:3 line_too_long]",
            "2 rows [line.csv.gz:3 line_too_long]",
            "x",
            "x",
            "x");
  }

  private Path file(String name, int megabytes, String before, String after) throws IOException {
    return file(name, megabytes, before, after, 0);
  }

  /**
   * Writes a file.
   *
   * @param megabytes of one line
   * @param more megabytes of short lines at its end
   */
  private Path file(String name, int megabytes, String before, String after, int more)
      throws IOException {
    Path file = folder.resolve(name);
    try (var out = packing(name, Files.newOutputStream(file))) {
      out.write(before.getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < megabytes; i++) {
        out.write(MEGABYTE);
      }
      out.write(after.getBytes(StandardCharsets.UTF_8));
      byte[] lines = MEGABYTE.clone();
      for (int i = 99; i < lines.length; i += 100) {
        lines[i] = '\n';
      }
      for (int i = 0; i < more; i++) {
        out.write(lines);
      }
    }
    return file;
  }

  private static OutputStream packing(String name, OutputStream out) throws IOException {
    if (name.endsWith(".gz")) {
      return new GZIPOutputStream(out, 1 << 16);
    }
    return name.endsWith(".zst") ? new ZstdOutputStream(out) : new BufferedOutputStream(out);
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }
}
