package io.fettle.data.diff;

import io.fettle.data.version.DatasetReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * What separates two datasets. Rows are the same where tools, messages and rejected answer are; ids
 * play no part, so a file that was renamed or sorted anew changes nothing here.
 *
 * @param same rows that are in the same part of both
 * @param added rows that only the second has, changed answers left out
 * @param removed rows that only the first has, changed answers left out
 * @param changed rows whose prompt both have, and whose answer is another one
 * @param moves rows that both have, in different parts
 * @param sources rows by the file that they came from, files of both
 * @param origin what differs of configuration, inputs, code, tokenizer, template and parent
 */
public record DatasetDiff(
    Side before,
    Side after,
    long same,
    long added,
    long removed,
    long changed,
    List<Move> moves,
    List<SourceRows> sources,
    List<Change> origin) {
  public DatasetDiff {
    moves = List.copyOf(moves);
    sources = List.copyOf(sources);
    origin = List.copyOf(origin);
  }

  /**
   * Reads both once, each shard verified. Memory holds at most 190 bytes a distinct row (half as
   * much again while the table grows) and no text.
   *
   * @throws DatasetReader.DamagedDataset where one of them is not what its manifest says
   */
  public static DatasetDiff of(DatasetReader before, DatasetReader after) throws IOException {
    return new Comparison(before, after).run(before, after);
  }

  /** Whether both hold the same rows in the same parts, in whatever order. */
  public boolean isSameRows() {
    return added == 0 && removed == 0 && changed == 0 && moves.isEmpty();
  }

  /** For people: a line a fact. */
  public String text() {
    var text = new StringBuilder();
    side(text, "before", before);
    side(text, "after", after);
    line(text, "same", same);
    line(text, "added", added);
    line(text, "removed", removed);
    line(text, "answer changed", changed);
    moves.forEach(move -> line(text, "%s -> %s".formatted(move.from(), move.to()), move.rows()));
    for (SourceRows source : sources) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-16s %,12d  (was %,d)%n",
              source.source(),
              source.after(),
              source.before()));
    }
    for (Change change : origin) {
      text.append(
          "%s: %s -> %s%n".formatted(change.name(), shown(change.before()), shown(change.after())));
    }
    return text.toString();
  }

  private static void side(StringBuilder text, String name, Side side) {
    text.append(
        String.format(
            Locale.ROOT, "%-16s %,12d rows  dataset %s%n", name, side.rows(), side.dataset()));
  }

  private static void line(StringBuilder text, String name, long rows) {
    text.append(String.format(Locale.ROOT, "%-16s %,12d%n", name, rows));
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(none)" : value;
  }

  /**
   * One of the two.
   *
   * @param dataset the dataset hash
   * @param manifest the manifest's hash
   */
  public record Side(String dataset, String manifest, long rows) {
    static Side of(DatasetReader reader) {
      return new Side(reader.manifest().dataset(), reader.manifestHash(), reader.manifest().rows());
    }
  }

  /** Rows that went from one part to another. */
  public record Move(String from, String to, long rows) {}

  /** How many rows of a file each dataset has. */
  public record SourceRows(String source, long before, long after) {}

  /** One value that differs; an empty one is missing. */
  public record Change(String name, String before, String after) {}
}
