package io.fettle.cli.data;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.data.dedup.NearDuplicates;
import io.fettle.data.dedup.NearDuplicates.Kept;
import io.fettle.data.dedup.NearDuplicates.Options;
import io.fettle.data.prepare.NamedFiles.NamedFile;
import io.fettle.data.read.Guess;
import io.fettle.data.read.RowReader;
import io.fettle.data.read.Source;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The rows of some files, and which of them are alike. Numbers count records from 0 through all
 * files, bad ones too.
 */
public final class FileDuplicates implements Closeable {
  private static final int BATCH = 1 << 12;

  private final List<NamedFile> files;
  private final List<Part> parts = new ArrayList<>();
  private final Columns columns;
  private final NearDuplicates near;
  private final Map<Reason, Integer> unreadable = new EnumMap<>(Reason.class);
  private int[] numbers = new int[BATCH];
  private int records;

  /**
   * @param files at least one
   */
  public FileDuplicates(List<NamedFile> files, Columns columns, Options options) {
    this.files = List.copyOf(files);
    this.columns = columns;
    this.near = new NearDuplicates(options);
  }

  /** A file and the number of its first record. */
  public record Part(String name, int first) {}

  /**
   * Reads the files.
   *
   * @param seen told how many records were read
   * @throws CommandFailure where none of them can be compared
   * @throws IOException where a file or the scratch file fails
   */
  public void read(LongConsumer seen) throws IOException {
    var fields = new LinkedHashSet<String>();
    var reading = new Reading(seen);
    for (var file : files) {
      parts.add(new Part(file.name(), records));
      var guess = Guess.of(file.path(), file.name());
      fields.addAll(guess.fields());
      RowReader.of(guess.format())
          .read(new Source(file.path(), file.name(), guess.format(), columns.fields()), reading);
    }
    reading.sketch();
    if (near.rows() == 0) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "no row of %s can be compared: %s; its rows have %s, and --columns may name two of them"
              .formatted(files.getFirst().name(), complaint(), String.join(", ", fields)));
    }
  }

  /** The files in the order in which they were read. */
  public List<Part> parts() {
    return List.copyOf(parts);
  }

  private String complaint() {
    return unreadable.isEmpty()
        ? "there is none"
        : String.join(", ", unreadable.keySet().stream().map(Reason::meaning).toList());
  }

  /** Records that were read, those that are no rows among them. */
  public int records() {
    return records;
  }

  /** Records that are no rows. */
  public int unreadable() {
    return records - near.rows();
  }

  /** Shingles that were ignored, since many rows hold them. */
  public int constants() {
    return near.constants();
  }

  /** Which rows would stay; {@link #number} says where they are. */
  public Kept kept() throws IOException {
    return near.kept(columns.column());
  }

  /** The number in the file of a row that is known by its place among the good ones. */
  public int number(int row) {
    return numbers[row];
  }

  /**
   * Finds all pairs, and writes them where that is asked for, a JSON object a line.
   *
   * @return how many there are
   */
  public long pairs(Optional<Path> out) throws IOException {
    try (var writer =
        out.isPresent()
            ? Files.newBufferedWriter(out.get())
            : new BufferedWriter(Writer.nullWriter())) {
      var pairs = new Writing(writer);
      near.pairs(columns.column(), pairs);
      return pairs.count;
    }
  }

  @Override
  public void close() throws IOException {
    near.close();
  }

  /** Sketches many rows at once, since that takes longer than reading them. */
  private final class Reading implements RowReader.Sink {
    private final LongConsumer seen;
    private final List<Row> rows = new ArrayList<>();

    Reading(LongConsumer seen) {
      this.seen = seen;
    }

    @Override
    public void row(Row row) throws IOException {
      int place = near.rows() + rows.size();
      if (place == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * place);
      }
      numbers[place] = records++;
      rows.add(row);
      if (rows.size() == BATCH) {
        sketch();
      }
    }

    @Override
    public void bad(Reason reason, String rowId) {
      unreadable.merge(reason, 1, Integer::sum);
      records++;
    }

    void sketch() throws IOException {
      for (var sketch : rows.parallelStream().map(NearDuplicates::sketch).toList()) {
        near.add(sketch);
      }
      rows.clear();
      seen.accept(records);
    }
  }

  private final class Writing implements NearDuplicates.Pairs {
    private final Writer out;
    private long count;

    Writing(Writer out) {
      this.out = out;
    }

    @Override
    public boolean matters(int a, int b) {
      return true;
    }

    @Override
    public void similar(int a, int b, double similarity) {
      count++;
      try {
        out.write("{\"a\": " + number(a) + ", \"b\": " + number(b));
        out.write(", \"j\": " + similarity + "}\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
