package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Apache Parquet, a record a row; its "line" is the record's number, from 1. */
final class ParquetRows implements RowReader {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final ObjectReader JSON = StrictJson.reader(StrictJson.DEEPEST);
  private static final int BLOCK = 1 << 19;

  /** A record may be as long as a line of JSON, and in JSON it has become longer. */
  private static final int LONGEST = 8 * Lines.MAX_LINE_BYTES;

  private final RecordShape shape;

  ParquetRows(RecordShape shape) {
    this.shape = shape;
  }

  /** Whether the file begins as Parquet does. */
  static boolean isParquet(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /** The names of the fields of its records. */
  static List<String> columns(Path file, String name) throws IOException {
    try (var child = ParquetChild.columns(name, file)) {
      List<String> columns =
          new String(child.out().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      child.finish(1);
      return columns;
    }
  }

  @Override
  public void batches(Source source, Batches batches) throws IOException {
    try (var child = ParquetChild.records(source, shape.needs(source.fields()));
        var blocks = new Blocks(source.name(), child.out(), BLOCK, LONGEST)) {
      child.finish(new BlockRows(source, shape, ParquetRows::object).batches(blocks, batches));
    }
  }

  private static ObjectNode object(JsonLine line) throws IOException, BadRow {
    try {
      if (JSON.readTree(line.bytes(), line.from(), line.length()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException _) {
      // half a line, after which the child says what happened
    }
    String word = new String(line.bytes(), line.from(), line.length(), StandardCharsets.UTF_8);
    throw new BadRow(
        Arrays.stream(Reason.values())
            .filter(reason -> word.equals(ParquetChild.BAD + reason.name()))
            .findFirst()
            .orElse(Reason.BROKEN_JSON));
  }
}
