package io.fettle.data.inspect;

import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Guess;
import io.fettle.data.read.RowReader;
import io.fettle.data.read.Source;
import io.fettle.data.read.UnreadableFile;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.row.Tally;
import io.fettle.data.version.DatasetReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a file, or a part of a dataset, holds.
 *
 * @param name of the file
 * @param format as its first rows look
 * @param fields that its rows use; empty for a part of a dataset
 * @param rows what could be read and what not, bad rows by reason with the first of their ids
 * @param duplicates rows whose messages an earlier row has, up to case, space and form of letters
 * @param prompts their lengths in letters (UTF-16)
 * @param answers likewise
 * @param turns by role
 * @param withTools rows that declare tools
 * @param preferences rows that bring a rejected answer
 * @param stopped why the file could not be read to its end; empty where it could
 * @param samples some rows, as many as were asked for, spread over the file
 */
public record Inspection(
    String name,
    Format format,
    List<String> fields,
    Tally.Counts rows,
    long duplicates,
    Lengths prompts,
    Lengths answers,
    Map<Role, Long> turns,
    long withTools,
    long preferences,
    String stopped,
    List<Row> samples) {
  public Inspection {
    fields = List.copyOf(fields);
    turns = Collections.unmodifiableMap(new EnumMap<>(turns));
    samples = List.copyOf(samples);
  }

  /** Lengths of texts; {@code most} is what nine of ten rows do not exceed. */
  public record Lengths(int shortest, int median, int most, int longest) {}

  /**
   * Reads a file, its format guessed. Memory holds a 128-bit hash a row.
   *
   * @param name what row ids call it
   * @param fields which column is what, where the rows are no conversations
   * @param samples how many rows to keep, 0 for none
   */
  public static Inspection of(Path file, String name, FieldMapping fields, int samples)
      throws IOException {
    var inspector = new Inspector(samples);
    Guess guess = Guess.of(file, name);
    String stopped = "";
    try {
      RowReader.of(guess.format()).read(new Source(file, name, guess.format(), fields), inspector);
    } catch (UnreadableFile e) {
      stopped = String.valueOf(e.getMessage());
    }
    return inspector.inspection(name, guess, stopped);
  }

  /**
   * Reads a part of a dataset, each shard verified.
   *
   * @throws DatasetReader.DamagedDataset where the part is not what its manifest says
   */
  public static Inspection of(DatasetReader dataset, String part, int samples) throws IOException {
    var inspector = new Inspector(samples);
    dataset.read(part, inspector::row);
    return inspector.inspection(part, new Guess(Format.CHAT_JSONL, List.of()), "");
  }
}
