package io.fettle.data.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.Optional;

/** The rows of blocks with an object a line; blank lines are none. */
record BlockRows(Source source, RecordShape shape, Meaning meaning) {
  /** What a line holds. */
  @FunctionalInterface
  interface Meaning {
    ObjectNode object(JsonLine line) throws IOException, BadRow;
  }

  /**
   * Hands over all blocks in order.
   *
   * @return the number of the line after the last one
   */
  long batches(Blocks blocks, RowReader.Batches batches) throws IOException {
    long next = 1;
    for (Optional<Blocks.Block> each = blocks.next(); each.isPresent(); each = blocks.next()) {
      Blocks.Block block = each.get();
      batches.batch(sink -> read(block, sink));
      next = block.firstLine() + block.lines();
    }
    return next;
  }

  private void read(Blocks.Block block, RowReader.Sink sink) throws IOException {
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
        read(line, number, sink);
      }
    }
  }

  private void read(JsonLine line, long number, RowReader.Sink sink) throws IOException {
    Row row;
    try {
      row = shape.rowOfBatch(meaning.object(line), source, number);
    } catch (BadRow bad) {
      sink.bad(bad.reason(), source.name() + ":" + number);
      return;
    }
    sink.row(row);
  }
}
