package io.fettle.data.dedup;

import io.fettle.data.row.Row;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Rows whose texts have a Jaccard similarity of at least some percent over word 5-grams. System
 * turns and constants of a source count for nothing; a row that is left with fewer than three
 * shingles is similar to none but its equals.
 *
 * <p>Rows come first, in their order ({@link #sketch} by any threads, {@link #add} by one); then
 * the questions. Memory holds some 60 bytes a row, the sets of the first rows, and during a
 * question 12 bytes a row and key, or in the exact method 8 to 30 bytes for each word of a fifth of
 * every set.
 */
public final class NearDuplicates implements Closeable {
  private static final int USUAL_PERCENT = 80;
  private static final int MIN_SHINGLES = 3;
  private static final int FEW_ROWS = 1_000_000;

  /** As many rows of sixty words have. */
  private static final long FEW_SHINGLES = 60_000_000;

  /** Buffers, which are dear to make for a row. */
  private static final ThreadLocal<Shingles> SHINGLES = ThreadLocal.withInitial(Shingles::new);

  private final Options options;
  private final SetStore sets;
  private final Sources sources = new Sources();
  private final Prints prints = new Prints();
  private final Constants frequent = new Constants();
  private Optional<ShingleCounts> constants = Optional.empty();
  private Optional<Index> ofPrompts = Optional.empty();

  /** What of a row is compared. */
  public enum Column {
    /** Everything before the last answer, without the system turn. */
    PROMPT(1),
    /** The last answer. */
    RESPONSE(2),
    /** The prompt and the answer as one text. */
    WHOLE(4);

    private final long bit;

    Column(long bit) {
      this.bit = bit;
    }

    /** The mark of its shingles. */
    long bit() {
      return bit;
    }
  }

  /** How similar rows are found. */
  public enum Method {
    /** Exactly below a million rows and 60 million words, by LSH from there on. */
    AUTO,
    /** By prefix filtering: misses none. */
    EXACT,
    /** By locality-sensitive hashing: misses at most 1 pair in 200 at the bound, fewer above. */
    LSH
  }

  /**
   * What counts as similar, and what the search may use.
   *
   * @param percent the least Jaccard similarity, 50 to 100
   * @param raw whether constants count as well, and rows of one or two shingles as others do
   * @param scratch where sets go that memory does not hold; without it memory holds all
   * @param heldBytes how much of the sets memory holds then
   */
  public record Options(
      int percent, Method method, boolean raw, Optional<Path> scratch, long heldBytes) {
    public Options {
      if (percent < 50 || percent > 100) {
        throw new IllegalArgumentException(
            "similarity of %d %% cannot be asked for; 50 to 100 can".formatted(percent));
      }
    }

    /** 80 %, the method by the number of rows, everything held. */
    public static Options usual() {
      return new Options(USUAL_PERCENT, Method.AUTO, false, Optional.empty(), 0);
    }

    /** The same by another method. */
    public Options by(Method other) {
      return new Options(percent, other, raw, scratch, heldBytes);
    }
  }

  /** What is remembered of a row: 8 bytes a word and some 100 more. */
  public static final class Sketch {
    private final String source;
    private final long[] set;
    private final Fingerprint prompt;
    private final Fingerprint response;

    private Sketch(String source, long[] set, Fingerprint prompt, Fingerprint response) {
      this.source = source;
      this.set = set;
      this.prompt = prompt;
      this.response = response;
    }

    /** As {@link Fingerprint#ofPrompt} has it. */
    public Fingerprint prompt() {
      return prompt;
    }

    /** As {@link Fingerprint#ofResponse} has it. */
    public Fingerprint response() {
      return response;
    }
  }

  /** Takes the pairs as they are found, each once a column, the later row second. */
  public interface Pairs {
    /** Whether it matters if these two are similar; asked before the costly comparison. */
    boolean matters(int a, int b);

    /** They are, by this Jaccard similarity. */
    void similar(int a, int b, double similarity);
  }

  /** Which rows stay and which are dropped, with the evidence. */
  public interface Kept {
    /**
     * Why a row is dropped.
     *
     * @param kept a row that stays
     * @param similarity the Jaccard similarity of the two
     */
    record Evidence(int kept, double similarity) {}

    /** A row that stays, and how many of a source are dropped for it. */
    record Cluster(int kept, int dropped) {}

    /**
     * What a source loses.
     *
     * @param largest the rows for which most of it is dropped
     */
    record Loss(String source, int rows, int dropped, List<Cluster> largest) {
      public Loss {
        largest = List.copyOf(largest);
      }

      /** More than a third: then something that is no duplicate was taken for one. */
      public boolean isTooMuch() {
        return 3L * dropped > rows;
      }
    }

    /** Whether the row stays. */
    boolean stays(int row);

    /** Why it does not; empty where it stays. */
    Optional<Evidence> evidence(int row);

    /** How many rows are dropped. */
    int dropped();

    /** How many rows stay, for their answers, although they ask what another one asks. */
    int conflicts();

    /** Whether it is one of those. */
    boolean isInConflict(int row);

    /** All rows in clusters of conflict; a row without one is alone. */
    Clusters conflictClusters();

    /** Of every source, in the order of their first rows. */
    List<Loss> losses();
  }

  /** 80 %, everything held in memory. */
  public NearDuplicates() {
    this(Options.usual());
  }

  public NearDuplicates(Options options) {
    this.options = options;
    sets = new SetStore(options.scratch(), options.heldBytes());
  }

  /** A row's sketch. Of any thread. */
  public static Sketch sketch(Row row) {
    var prompt = row.prompt();
    var response = row.response();
    return new Sketch(
        row.source(),
        SHINGLES.get().of(prompt, response),
        Fingerprint.alike(prompt),
        Fingerprint.plain(response));
  }

  /**
   * The keys under which LSH looks for rows that hold no constant, at 80 %: two rows that share one
   * are compared. Of any thread.
   *
   * @return the keys of the first row, then those of the second and so on, as many for each
   */
  public static int[] signatures(List<Row> rows) {
    var bands = Bands.at(USUAL_PERCENT);
    var shingles = SHINGLES.get();
    var keys = new int[rows.size() * bands.count()];
    var hash = new MinHash(bands, keys);
    for (int row = 0; row < rows.size(); row++) {
      int size = shingles.list(rows.get(row).prompt(), rows.get(row).response());
      if (size > 0) {
        hash.add(row, shingles.last(), size);
      }
    }
    return keys;
  }

  /**
   * Adds a row; rows are numbered from 0 in the order in which they come.
   *
   * @throws IOException where the scratch file cannot be written
   * @throws IllegalStateException after the first question
   */
  public void add(Sketch row) throws IOException {
    if (constants.isPresent()) {
      throw new IllegalStateException("row %d comes after the first question".formatted(rows()));
    }
    int source = sources.add(row.source);
    prints.add(row.prompt, row.response);
    sets.add(row.set);
    if (!options.raw()) {
      frequent.add(row.set, source);
    }
  }

  /** How many were added. */
  public int rows() {
    return sets.count();
  }

  /**
   * Reports every pair that matters and is similar in its prompts or as a whole.
   *
   * @throws IOException where the scratch file cannot be read
   */
  public void pairs(Pairs pairs) throws IOException {
    pairs(_ -> true, pairs);
  }

  /**
   * The same among some of the rows; the others are as if they had not come, except that constants
   * were counted with them.
   *
   * @throws IOException where the scratch file cannot be read
   */
  public void pairs(IntPredicate among, Pairs pairs) throws IOException {
    pairs(Column.PROMPT, among, pairs);
    pairs(Column.WHOLE, among, pairs);
  }

  /**
   * Reports every pair that matters and is similar in one column.
   *
   * @throws IOException where the scratch file cannot be read
   */
  public void pairs(Column column, Pairs pairs) throws IOException {
    pairs(column, _ -> true, pairs);
  }

  /**
   * The same among some of the rows.
   *
   * @throws IOException where the scratch file cannot be read
   */
  public void pairs(Column column, IntPredicate among, Pairs pairs) throws IOException {
    seal();
    try {
      var telling = telling(column);
      var equal = new EqualRows(prints, column, rows());
      new Search(telling, equal, index(column), options.percent(), pairs).run(among);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Which rows stay where a row is dropped only if it is similar, in this column, to one that
   * stays, in the order of the rows. Rows whose prompts are alike and whose answers are not are a
   * conflict of labels: neither is dropped for the other.
   *
   * @throws IOException where the scratch file cannot be read
   */
  public Kept kept(Column column) throws IOException {
    return kept(column, _ -> true);
  }

  /**
   * The same among some of the rows: of the others none is dropped, and none is a reason.
   *
   * @throws IOException where the scratch file cannot be read
   */
  public Kept kept(Column column, IntPredicate among) throws IOException {
    seal();
    try {
      var compared = new Sieve.Compared(this::telling, prints, options.percent());
      return new Sieve(compared, column, this::index, among).run(sources);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** How many shingles are ignored as constants; 0 before the first question. */
  public int constants() {
    return constants.map(ShingleCounts::size).orElse(0);
  }

  private void seal() throws IOException {
    if (constants.isPresent()) {
      return;
    }
    sets.seal();
    try {
      constants = Optional.of(frequent.of(sets, sources::of));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private ShingleSets telling(Column column) {
    return new Telling(sets, column, constants.orElseThrow(), options.raw() ? 1 : MIN_SHINGLES);
  }

  /** That of the prompts is kept: two questions are about them. */
  private Index index(Column column) {
    if (column != Column.PROMPT) {
      return newIndex(column);
    }
    ofPrompts.ifPresent(Index::clear);
    var index = ofPrompts.orElseGet(() -> newIndex(column));
    ofPrompts = Optional.of(index);
    return index;
  }

  private Index newIndex(Column column) {
    var telling = telling(column);
    return isExact()
        ? PrefixIndex.of(telling, options.percent())
        : BandIndex.of(telling, options.percent());
  }

  private boolean isExact() {
    return switch (options.method()) {
      case EXACT -> true;
      case LSH -> false;
      case AUTO -> rows() < FEW_ROWS && sets.total() < FEW_SHINGLES;
    };
  }

  /** Deletes the scratch file. */
  @Override
  public void close() throws IOException {
    sets.close();
  }
}
