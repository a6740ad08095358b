package io.fettle.data.read;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** A header and records of RFC 4180. Every record keeps the line on which it starts. */
final class CsvRows implements RowReader {
  @Override
  public void read(Source source, Sink sink) throws IOException {
    var text = new CsvText(new Lines(source.path()));
    try (CsvReader<CsvRecord> csv = parser(text);
        CloseableIterator<CsvRecord> records = csv.iterator()) {
      if (!records.hasNext()) {
        throw new UnreadableFile(
            source.name(), 1, "the file is empty; a CSV file starts with a header");
      }
      Columns columns = Columns.of(records.next(), source);
      while (records.hasNext()) {
        read(records.next(), columns, text, source, sink);
      }
    } catch (CsvParseException e) {
      throw unparsable(source, text, e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
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

  private static void read(
      CsvRecord record, Columns columns, CsvText text, Source source, Sink sink)
      throws IOException {
    long line = record.getStartingLineNumber();
    Row row;
    try {
      row = row(record, columns, text, source);
    } catch (BadRow bad) {
      sink.bad(bad.reason(), source.name() + ":" + line);
      return;
    }
    sink.row(row);
  }

  private static Row row(CsvRecord record, Columns columns, CsvText text, Source source)
      throws BadRow {
    long first = record.getStartingLineNumber();
    Optional<Reason> damaged = text.problemBetween(first, first + lineFeeds(record));
    if (damaged.isPresent()) {
      throw new BadRow(damaged.get());
    }
    if (record.getFieldCount() != columns.count()) {
      throw new BadRow(Reason.WRONG_COLUMNS);
    }
    String group = columns.in(record, columns.group());
    String system = columns.in(record, columns.system());
    List<Message> turns =
        Conversation.single(
            system, record.getField(columns.prompt()), record.getField(columns.completion()));
    return Conversation.row(source, first, turns, group);
  }

  private static long lineFeeds(CsvRecord record) {
    return record.getFields().stream().flatMapToInt(String::chars).filter(c -> c == '\n').count();
  }

  /** Where the mapped columns are; -1 where none is mapped. */
  private record Columns(int count, int prompt, int completion, int system, int group) {
    static Columns of(CsvRecord header, Source source) throws UnreadableFile {
      FieldMapping fields = source.fields();
      List<String> names = header.getFields().stream().map(String::strip).toList();
      return new Columns(
          names.size(),
          index(names, fields.prompt(), source),
          index(names, fields.completion(), source),
          fields.system().isEmpty() ? -1 : index(names, fields.system(), source),
          fields.group().isEmpty() ? -1 : index(names, fields.group(), source));
    }

    String in(CsvRecord record, int column) {
      return column < 0 ? "" : record.getField(column);
    }

    private static int index(List<String> names, String wanted, Source source)
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
      return index;
    }
  }
}
