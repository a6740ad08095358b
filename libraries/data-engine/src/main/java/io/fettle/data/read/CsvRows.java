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

/** A header and records of RFC 4180. Every record keeps the line on which it starts. */
final class CsvRows implements RowReader {
  private static final int BATCH = 1_000;

  private final RecordShape shape;

  CsvRows(RecordShape shape) {
    this.shape = shape;
  }

  @Override
  public void batches(Source source, Batches batches) throws IOException {
    var text = new CsvText(Lines.of(source));
    try (CsvReader<CsvRecord> csv = parser(text);
        CloseableIterator<CsvRecord> records = csv.iterator()) {
      if (!records.hasNext()) {
        throw new UnreadableFile(
            source.name(), 1, "the file is empty; a CSV file starts with a header");
      }
      Columns columns = Columns.of(records.next(), shape.needs(source.fields()), source);
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
    try {
      while (records.hasNext()) {
        raw.add(Raw.of(records.next(), text));
        if (raw.size() == BATCH) {
          taker.take(List.copyOf(raw));
          raw.clear();
        }
      }
    } catch (CsvParseException e) {
      taker.take(List.copyOf(raw));
      throw e;
    }
    taker.take(List.copyOf(raw));
  }

  private static CsvReader<CsvRecord> parser(CsvText text) {
    return CsvReader.builder()
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
            "the records cannot be told apart any more; look for a quote that is opened and never closed before it");
    problem.initCause(e);
    return problem;
  }

  private void read(List<Raw> raw, Columns columns, Source source, Sink sink) throws IOException {
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

  private Row row(Raw raw, Columns columns, Source source) throws BadRow {
    if (raw.problem().isPresent()) {
      throw new BadRow(raw.problem().get());
    }
    if (raw.record().getFieldCount() != columns.names().size()) {
      throw new BadRow(Reason.WRONG_COLUMNS);
    }
    return shape.row(columns.object(raw.record()), source, raw.line());
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
  }

  private static long lineFeeds(CsvRecord record) {
    return record.getFields().stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
  }

  /** What the header names. */
  private record Columns(List<String> names) {
    static Columns of(CsvRecord header, List<String> needed, Source source) throws UnreadableFile {
      List<String> names = header.getFields().stream().map(String::strip).toList();
      for (String each : needed) {
        refuseMissing(names, each, source);
      }
      return new Columns(names);
    }

    /** Each field a text. */
    ObjectNode object(CsvRecord record) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (int i = 0; i < names.size(); i++) {
        object.put(names.get(i), record.getField(i));
      }
      return object;
    }

    private static void refuseMissing(List<String> names, String wanted, Source source)
        throws UnreadableFile {
      int index = names.indexOf(wanted);
      if (index < 0) {
        throw new UnreadableFile(
            source.name(),
            1,
            "no column \"%s\"; the header has %s".formatted(wanted, String.join(", ", names)));
      }
      if (names.lastIndexOf(wanted) != index) {
        throw new UnreadableFile(
            source.name(), 1, "the header names the column \"%s\" twice".formatted(wanted));
      }
    }
  }
}
