package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;
import java.io.IOException;
import java.util.Optional;

/** A JSON object a line; what the object means is the shape's matter. Blank lines are no rows. */
final class JsonlReader implements RowReader {
  private static final ObjectReader JSON = StrictJson.reader(StrictJson.DEEPEST);

  private final RecordShape shape;

  JsonlReader(RecordShape shape) {
    this.shape = shape;
  }

  @Override
  public void batches(Source source, Batches batches) throws IOException {
    try (var blocks = Blocks.of(source)) {
      new BlockRows(source, shape, JsonlReader::object).batches(blocks, batches);
    }
  }

  static ObjectNode object(JsonLine line) throws IOException, BadRow {
    Optional<Reason> problem = line.problem();
    if (problem.isPresent()) {
      throw new BadRow(problem.get());
    }
    try {
      JsonNode tree = JSON.readTree(line.bytes(), line.from(), line.length());
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new BadRow(Reason.BROKEN_JSON);
    } catch (JsonProcessingException e) {
      throw new BadRow(StrictJson.isOfDuplicateKey(e) ? Reason.DUPLICATE_KEY : Reason.BROKEN_JSON);
    }
  }
}
