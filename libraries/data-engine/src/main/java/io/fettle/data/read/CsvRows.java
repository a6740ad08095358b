package io.fettle.data.read;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A header and records of RFC 4180, or the same with tabs. Every record keeps the line on which it
 * starts.
 */
final class CsvRows implements RowReader {
  private static final int BATCH = 1_000;

  /** Batches wait for each other, so that of long records few are held. */
  private static final int BATCH_CHARACTERS = 1 << 19;

  private final RecordShape shape;

  CsvRows(RecordShape shape) {
    this.shape = shape;
  }

  @Override
  public void batches(Source source, Batches batches) throws IOException {
    var text = new CsvText(source.name(), Lines.of(source));
    try (CsvReader<CsvRecord> csv = parser(text, source.format().container().separator());
        CloseableIterator<CsvRecord> records = csv.iterator()) {
      if (!records.hasNext()) {
        throw new UnreadableFile(
            source.name(), 1, "the file is empty; a CSV file starts with a header");
      }
      Header columns = header(Raw.of(records.next(), text), source);
      readAll(records, text, raw -> batches.batch(sink -> read(raw, columns, source, sink)));
    } catch (CsvParseException e) {
      throw unparsable(source, text, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Takes records that follow each other. */
  private interface Records {
    void take(List<Raw> raw) throws IOException;
  }

  /** What came before a record that cannot be read is handed over all the same. */
  private static void readAll(CloseableIterator<CsvRecord> records, CsvText text, Records taker)
      throws IOException {
    List<Raw> raw = new ArrayList<>(BATCH);
    long characters = 0;
    try {
      while (records.hasNext()) {
        Raw next = Raw.of(records.next(), text);
        raw.add(next);
        characters += next.characters();
        if (raw.size() == BATCH || characters > BATCH_CHARACTERS) {
          taker.take(List.copyOf(raw));
          raw.clear();
          characters = 0;
        }
      }
    } catch (CsvParseException e) {
      taker.take(List.copyOf(raw));
      throw e;
    }
    taker.take(List.copyOf(raw));
  }

  private static CsvReader<CsvRecord> parser(CsvText text, char separator) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .allowUnclosedQuote(false)
        .ofCsvRecord(text);
  }

  private static UnreadableFile unparsable(Source source, CsvText text, CsvParseException e) {
    var problem =
        new UnreadableFile(
            source.name(),
            text.line(),
            "the records cannot be told apart any more; look for a quote that is opened and never closed before it, or for text behind one that is closed");
    problem.initCause(e);
    return problem;
  }

  private void read(List<Raw> raw, Header columns, Source source, Sink sink) throws IOException {
    for (Raw each : raw) {
      Row row;
      try {
        row = row(each, columns, source);
      } catch (BadRow bad) {
        sink.bad(bad.reason(), source.name() + ":" + each.line());
        continue;
      }
      sink.row(row);
    }
  }

  private Row row(Raw raw, Header columns, Source source) throws BadRow {
    if (raw.problem().isPresent()) {
      throw new BadRow(raw.problem().get());
    }
    if (raw.record().getFieldCount() != columns.names().size()) {
      throw new BadRow(Reason.WRONG_COLUMNS);
    }
    return shape.rowOfBatch(object(columns, raw.record()), source, raw.line());
  }

  /** A record and what was wrong with its lines, which is forgotten once the next one is read. */
  private record Raw(CsvRecord record, Optional<Reason> problem) {
    static Raw of(CsvRecord record, CsvText text) {
      long first = record.getStartingLineNumber();
      return new Raw(record, text.problemBetween(first, first + lineFeeds(record)));
    }

    long line() {
      return record.getStartingLineNumber();
    }

    long characters() {
      return record.getFields().stream().mapToLong(String::length).sum();
    }
  }

  private static long lineFeeds(CsvRecord record) {
    return record.getFields().stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
  }

  private Header header(Raw first, Source source) throws UnreadableFile {
    if (first.problem().isPresent()) {
      throw new UnreadableFile(
          source.name(),
          first.line(),
          "the header %s; a CSV file starts with the names of its columns in UTF-8"
              .formatted(first.problem().get().meaning()));
    }
    var header = new Header(first.record().getFields().stream().map(String::strip).toList());
    String problem = header.problem(shape.needs(source.fields()));
    if (!problem.isEmpty()) {
      throw new UnreadableFile(source.name(), first.line(), problem);
    }
    return header;
  }

  /** Each field a text. */
  private static ObjectNode object(Header columns, CsvRecord record) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < columns.names().size(); i++) {
      object.put(columns.names().get(i), record.getField(i));
    }
    return object;
  }
}
