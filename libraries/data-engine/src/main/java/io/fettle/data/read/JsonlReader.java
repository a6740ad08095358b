package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.Optional;

/** A JSON object a line; what the object means is the shape's matter. Blank lines are no rows. */
final class JsonlReader implements RowReader {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .readerFor(JsonNode.class);

  private final RecordShape shape;

  JsonlReader(RecordShape shape) {
    this.shape = shape;
  }

  @Override
  public void batches(Source source, Batches batches) throws IOException {
    try (var blocks = Blocks.of(source)) {
      for (Optional<Blocks.Block> next = blocks.next(); next.isPresent(); next = blocks.next()) {
        Blocks.Block block = next.get();
        batches.batch(sink -> read(source, block, sink));
      }
    }
  }

  private void read(Source source, Blocks.Block block, Sink sink) throws IOException {
    if (block.isTooLong()) {
      sink.bad(Reason.LINE_TOO_LONG, source.name() + ":" + block.firstLine());
      return;
    }
    var line = new JsonLine(block.bytes());
    long number = block.firstLine();
    for (int from = 0; from < block.length(); number++) {
      int end = block.endOfLine(from);
      line.at(from, end, number == 1);
      from = end + 1;
      if (!line.isBlank()) {
        read(source, line, number, sink);
      }
    }
  }

  private void read(Source source, JsonLine line, long number, Sink sink) throws IOException {
    Row row;
    try {
      Optional<Reason> problem = line.problem();
      if (problem.isPresent()) {
        throw new BadRow(problem.get());
      }
      row = shape.row(object(line), source, number);
    } catch (BadRow bad) {
      sink.bad(bad.reason(), source.name() + ":" + number);
      return;
    }
    sink.row(row);
  }

  private static ObjectNode object(JsonLine line) throws IOException, BadRow {
    try {
      JsonNode tree = JSON.readTree(line.bytes(), line.from(), line.length());
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new BadRow(Reason.BROKEN_JSON);
    } catch (JsonProcessingException e) {
      boolean duplicate = e.getOriginalMessage().startsWith("Duplicate ");
      throw new BadRow(duplicate ? Reason.DUPLICATE_KEY : Reason.BROKEN_JSON);
    }
  }
}
