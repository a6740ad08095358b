package io.fettle.data.quality;

import io.fettle.data.filter.RowFilter;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A column of scores beside the rows, by what a row says: JSONL of {@code {"row": SHA-256, "score":
 * ..., "model": ..., "prompt": SHA-256}}. Holds scores of several judges; a cut looks at one, so it
 * can be made again without asking anybody.
 *
 * <p>One process writes a file at a time. Holds some 100 bytes a score of the judge.
 */
public final class Scores implements AutoCloseable {
  /** Of a row: 29 % of 100 rows are 28.999999999999996. */
  private static final double ROUNDED = 1e-6;

  private final ScoreFile file;
  private final Judge.Column column;
  private final Map<String, Double> scores = new ConcurrentHashMap<>();

  private Scores(ScoreFile file, Judge.Column column) {
    this.file = file;
    this.column = column;
  }

  /** Goes over all rows. */
  public interface Rows {
    /**
     * Gives each row to the reader.
     *
     * @throws IOException where rows cannot be read, or the reader's
     */
    void forEach(Reader reader) throws IOException, InterruptedException;
  }

  /** Takes rows. */
  public interface Reader {
    /** The next row. */
    void row(Row row) throws IOException, InterruptedException;
  }

  /**
   * What a run of the judge came to.
   *
   * @param had rows that had a score already, or say what an earlier one says
   * @param scored rows that have one now
   * @param withoutScore rows of which the judge said something that is no score; they have none
   * @param failed rows that it could not be asked about; they have none either
   */
  public record Scored(long had, long scored, long withoutScore, long failed) {}

  /** Hears how far the judge is; on the thread that asks, so it may take its time. */
  @FunctionalInterface
  public interface Told {
    /** So many rows have been looked at. */
    void rows(long done) throws IOException;
  }

  /**
   * Opens the file, or begins it; a last line that was cut short goes.
   *
   * @param column whose scores count; others stay in the file and are not looked at
   * @throws IOException where the file cannot be read or holds something else
   */
  public static Scores open(Path path, Judge.Column column) throws IOException {
    var file = new ScoreFile(path);
    try {
      var scores = new Scores(file, column);
      scores.know(path);
      return scores;
    } catch (IOException broken) {
      file.close();
      throw broken;
    }
  }

  /** Takes over what another such file holds, without a line in this one. */
  public void know(Path other) throws IOException {
    ScoreFile.read(
        other,
        line -> {
          if (line.column().equals(column)) {
            scores.put(line.row(), line.score());
          }
        });
  }

  /**
   * Asks the judge about every row without a score. What it said is in the file at once, so that a
   * run that was killed goes on where it was. A row for which it has no score is counted; of 20 and
   * more such rows no more than a fifth of all.
   *
   * @param concurrency how many rows at once
   * @throws Judge.Unusable where it can be asked about no row
   * @throws IOException where it had too few scores, or the file's first failure; scores until then
   *     stay
   * @throws IllegalArgumentException if the judge's column is another one
   */
  public Scored score(Rows rows, Judge judge, int concurrency, Told told)
      throws IOException, InterruptedException {
    if (!judge.column().equals(column)) {
      throw new IllegalArgumentException(
          "the judge writes %s; the scores are of %s".formatted(judge.column(), column));
    }
    try (var asking = new Asking(judge, concurrency, this::keep)) {
      var done = new AtomicLong();
      rows.forEach(
          row -> {
            var hash = ContentHash.of(row);
            if (scores.containsKey(hash) || !asking.ask(hash, row)) {
              asking.had();
            }
            told.rows(done.incrementAndGet());
          });
      return asking.end();
    }
  }

  private void keep(String hash, double score) throws IOException {
    file.append(new ScoreFile.Line(hash, score, column));
    scores.put(hash, score);
  }

  /**
   * Writes the column of these rows, in their order: the line of each that has a score, with the
   * row's id before it. Equal rows and scores give equal bytes.
   */
  public void write(Rows rows, Path to) throws IOException, InterruptedException {
    try (var out = Files.newBufferedWriter(to)) {
      rows.forEach(
          row -> {
            var hash = ContentHash.of(row);
            var score = scores.get(hash);
            if (score != null) {
              out.write(ScoreFile.named(row.id(), new ScoreFile.Line(hash, score, column)));
            }
          });
    }
  }

  /**
   * Cuts the worst of each source: as many whole levels of score, from the lowest up, as are at
   * most that share of its scored rows. Of rows with the same score none is cut before the other.
   *
   * @param most 0 to 1; usual are 0.1 to 0.2
   */
  public Cut cut(Rows rows, double most) throws IOException, InterruptedException {
    if (!(most >= 0 && most < 1)) {
      throw new IllegalArgumentException("most is %s; 0 to below 1 is expected".formatted(most));
    }
    Map<String, TreeMap<Double, Long>> levels = new TreeMap<>();
    Map<String, Long> withoutScore = new HashMap<>();
    rows.forEach(
        row -> {
          var score = scores.get(ContentHash.of(row));
          var ofSource = levels.computeIfAbsent(row.source(), _ -> new TreeMap<>());
          if (score == null) {
            withoutScore.merge(row.source(), 1L, Long::sum);
          } else {
            ofSource.merge(score, 1L, Long::sum);
          }
        });
    Map<String, Cut.Source> sources = new TreeMap<>();
    levels.forEach(
        (source, ofSource) ->
            sources.put(source, threshold(ofSource, most, withoutScore.getOrDefault(source, 0L))));
    return new Cut(scores, sources, column);
  }

  private static Cut.Source threshold(
      SortedMap<Double, Long> levels, double most, long withoutScore) {
    long all = levels.values().stream().mapToLong(Long::longValue).sum();
    long below = 0;
    for (var level : levels.entrySet()) {
      if (below + level.getValue() > most * all + ROUNDED) {
        return new Cut.Source(level.getKey(), all, below, level.getValue(), withoutScore, levels);
      }
      below += level.getValue();
    }
    return new Cut.Source(Double.NEGATIVE_INFINITY, all, 0, 0, withoutScore, levels);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Drops for {@code LOW_SCORE}. A row without a score, or of another source, stays. */
  public static final class Cut implements RowFilter {
    private final Map<String, Double> scores;
    private final Map<String, Source> sources;
    private final Judge.Column column;

    private Cut(Map<String, Double> scores, Map<String, Source> sources, Judge.Column column) {
      this.scores = scores;
      this.sources = sources;
      this.column = column;
    }

    /**
     * What is cut of one source.
     *
     * @param least rows with at least that score stay
     * @param scored rows with a score
     * @param cut rows that go
     * @param atLeast rows that have exactly the least score
     * @param withoutScore rows without one, which stay
     * @param levels scored rows by score
     */
    public record Source(
        double least,
        long scored,
        long cut,
        long atLeast,
        long withoutScore,
        SortedMap<Double, Long> levels) {
      public Source {
        levels = Collections.unmodifiableSortedMap(new TreeMap<>(levels));
      }
    }

    /** What the scores are comparable by. */
    public Judge.Column column() {
      return column;
    }

    /** By source, in order. */
    public Map<String, Source> sources() {
      return Collections.unmodifiableMap(sources);
    }

    @Override
    public String name() {
      return "quality";
    }

    @Override
    public Optional<Reason> objection(Row row) {
      var source = sources.get(row.source());
      if (source == null) {
        return Optional.empty();
      }
      var score = scores.get(ContentHash.of(row));
      return score != null && score < source.least()
          ? Optional.of(Reason.LOW_SCORE)
          : Optional.empty();
    }
  }
}
