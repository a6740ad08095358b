package io.fettle.data.read;

import io.fettle.data.row.Reason;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Feeds checked lines to a CSV parser, which knows nothing of bytes. A damaged line reaches it as a
 * placeholder that keeps the quotes in balance, and is remembered until the record that it belongs
 * to has been judged.
 */
final class CsvText extends Reader {
  private final String name;
  private final Lines lines;
  private final TreeMap<Long, Reason> problems = new TreeMap<>();
  private String current = "";
  private int position;
  private long line;

  CsvText(String name, Lines lines) {
    this.name = name;
    this.lines = lines;
  }

  /** The line that was read last. */
  long line() {
    return line;
  }

  /**
   * What is wrong with one of these lines. Forgets everything before them: records come in order.
   */
  Optional<Reason> problemBetween(long first, long last) {
    problems.headMap(first).clear();
    return Optional.ofNullable(problems.firstEntry())
        .filter(e -> e.getKey() <= last)
        .map(Map.Entry::getValue);
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (position == current.length() && !advance()) {
      return -1;
    }
    int count = Math.min(length, current.length() - position);
    current.getChars(position, position + count, target, offset);
    position += count;
    return count;
  }

  private boolean advance() throws IOException {
    Optional<Lines.Line> next = lines.next();
    if (next.isEmpty()) {
      return false;
    }
    Lines.Line found = next.get();
    line = found.number();
    refuseLoneReturns(found);
    if (found.problem() != null) {
      problems.put(line, found.problem());
    }
    // A damaged line must stay a record: the parser skips empty ones. A lone carriage return would
    // count as a line there.
    String text =
        found.problem() != null && found.text().isEmpty() ? "?" : found.text().replace('\r', ' ');
    current = text + "\n";
    position = 0;
    return true;
  }

  /** An old Mac's file is one line, whose "header" would be told with all of its rows. */
  private void refuseLoneReturns(Lines.Line found) throws UnreadableFile {
    if (found.number() == 1 && found.text().indexOf('\r') >= 0) {
      throw new UnreadableFile(
          name, 1, "the lines end in carriage returns alone; write the file again with line feeds");
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
