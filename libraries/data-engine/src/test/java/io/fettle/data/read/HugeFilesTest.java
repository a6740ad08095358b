package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no heap can hold: read with 96 MB. */
class HugeFilesTest {
  private static final int HEAP_MB = 96;
  private static final int PIECE = 10 << 20;
  private static final String ROW = "{\"prompt\": \"u\", \"completion\": \"a\"}\n";

  @TempDir Path folder;

  @Test
  void a_line_of_200_mb_a_quote_without_an_end_and_bombs_end_in_counts_or_a_clear_stop()
      throws Exception {
    var files =
        List.of(
            file("line.jsonl", 200, ROW, "\n" + ROW),
            file("line.csv", 200, "prompt,completion\nu,a\n\"u\n", "\",a\nu,a\n"),
            file("line.csv.gz", 200, "prompt,completion\nu,a\nu,", "\nu,a\n"),
            file("quote.csv.lines.gz", 200, "prompt,completion\nu,a\n\"u,a\n", "\n"),
            file("bomb.jsonl.gz", 320, ROW, "\n" + ROW),
            file("bomb.jsonl.zst", 320, ROW, "\n" + ROW),
            resource("long.parquet"),
            resource("huge.parquet"),
            resource("bomb.parquet"));

    assertThat(SmallHeap.read(HEAP_MB, files).stream().map(HugeFilesTest::start))
        .containsExactly(
            "2 rows [line.jsonl:2 line_too_long]",
            "2 rows [line.csv:3 line_too_long]",
            "2 rows [line.csv.gz:3 line_too_long]",
            "1 rows [], then quote.csv.lines.gz line N: the records cannot be told",
            "1 rows [], then bomb.jsonl.gz line 2: grows to more than 1,000 times",
            "1 rows [], then bomb.jsonl.zst line 2: grows to more than 1,000 times",
            "2 rows [long.parquet:2 line_too_long]",
            "0 rows [], then huge.parquet line 1: holds a page or a record",
            "N rows [], then bomb.parquet line N: grows to more than 1,000 times");
  }

  /** How far it came depends on buffers, and what to do about it follows. */
  private static String start(String told) {
    return told.replaceAll("\\d{4,}", "N")
        .replaceFirst("(cannot be told|1,000 times|or a record) .*", "$1");
  }

  /**
   * Writes a file.
   *
   * @param megabytes of one line, or of short ones where the name says so
   */
  private Path file(String name, int megabytes, String before, String after) throws IOException {
    byte[] piece = new byte[PIECE];
    Arrays.fill(piece, (byte) 'x');
    for (int i = 99; name.contains(".lines") && i < piece.length; i += 100) {
      piece[i] = '\n';
    }
    byte[] packed = packed(name, piece);
    Path file = folder.resolve(name);
    try (var out = Files.newOutputStream(file)) {
      out.write(packed(name, before.getBytes(StandardCharsets.UTF_8)));
      for (int i = 0; i < (megabytes << 20) / PIECE; i++) {
        out.write(packed);
      }
      out.write(packed(name, after.getBytes(StandardCharsets.UTF_8)));
    }
    return file;
  }

  /** Packed files behind each other are one as well. */
  private static byte[] packed(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var packing = packing(name, bytes)) {
      packing.write(content);
    }
    return bytes.toByteArray();
  }

  private static OutputStream packing(String name, OutputStream out) throws IOException {
    if (name.endsWith(".gz")) {
      return new GZIPOutputStream(out, 1 << 16);
    }
    return name.endsWith(".zst") ? new ZstdOutputStream(out) : out;
  }

  /** That pyarrow wrote: 20 MB and 200 MB in one value, and 500 MB in rows. */
  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (var in = HugeFilesTest.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(in), file);
    }
    return file;
  }
}
