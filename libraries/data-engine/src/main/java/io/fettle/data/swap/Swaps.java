package io.fettle.data.swap;

import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether some batches of a dataset have prompts and answers the wrong way round. A classifier of
 * roles that has learned from the other rows looks at each row; rows on end read backwards if so
 * many of them do that the rest's rate of errors does not explain it.
 *
 * <p>Holds counts of features and a few numbers for 50 rows; reads the rows twice, and learns from
 * the first 2,000 rows of a batch and each eighth of the rest.
 */
public final class Swaps {
  /** Rows on end that are learned from and left out together. */
  static final int RUN = 50;

  private static final int LEARNED = 2_000;
  private static final int LEARNED_OF_REST = 8;

  private Swaps() {}

  /** How the rows of one batch lie among the others. */
  public enum Order {
    /** One after the other, mostly. */
    ON_END,
    /** Anywhere. */
    SCATTERED
  }

  /** Goes over all rows, each time in the same order. */
  public interface Rows {
    /**
     * Gives each row to the reader.
     *
     * @throws IOException where rows cannot be read, or the reader's
     */
    void forEach(Reader reader) throws IOException;
  }

  /** Takes rows. */
  public interface Reader {
    /**
     * The next row.
     *
     * @param batch as {@link #batch} names it; where it is long, its parts are judged too
     * @throws IOException the row's
     */
    void row(String batch, String id, Seen seen) throws IOException;

    /** The same by its texts. */
    default void row(String batch, String id, String prompt, String answer) throws IOException {
      row(batch, id, () -> Pair.of(prompt, answer));
    }
  }

  /** What is seen of a row; asked for at once or never. */
  @FunctionalInterface
  public interface Seen {
    /**
     * The row's pair.
     *
     * @throws IOException where the row cannot be read
     */
    Pair pair() throws IOException;
  }

  /** What came out. */
  public sealed interface Finding {
    /**
     * No batch reads backwards.
     *
     * @param errorRate of rows that read backwards all the same
     * @param leastRows a batch of so many rows that is turned would have been seen
     */
    record Sound(double errorRate, int leastRows) implements Finding {}

    /** These do. */
    record Backwards(double errorRate, List<Batch> batches) implements Finding {
      public Backwards {
        batches = List.copyOf(batches);
      }
    }

    /** The roles are too alike, or the rows too few, to claim either. */
    record CannotTell(String why) implements Finding {}
  }

  /**
   * Rows on end that read backwards.
   *
   * @param name the batch they are of
   * @param first the first one within the batch, from 1
   * @param last the last one
   * @param backwards how many of them do
   * @param examples ids of some of these, the clearest first
   */
  public record Batch(String name, int first, int last, int backwards, List<String> examples) {
    public Batch {
      examples = List.copyOf(examples);
    }
  }

  /**
   * What came from one place together: the batch that is declared, else the file. Runs of 50 rows
   * within either are told apart without a name.
   *
   * @param declared empty where no batch is
   */
  public static String batch(String declared, Row row) {
    return declared.isEmpty() ? row.source() : declared;
  }

  /**
   * Looks for batches, and for ten rows and more on end within one, that read backwards.
   *
   * @return the same for the same rows in the same order
   * @throws IOException where the rows cannot be read
   */
  public static Finding find(Rows rows) throws IOException {
    return find(rows, rows, Order.ON_END);
  }

  /**
   * The same of rows that are read in two ways.
   *
   * @param learned of these the pairs of few are asked for
   * @param judged the same rows, of which all pairs are
   */
  public static Finding find(Rows learned, Rows judged, Order order) throws IOException {
    var learning = new Learning();
    var places = new Places(order);
    learned.forEach(
        (batch, _, seen) -> {
          var place = places.next(batch);
          if (place.row() < LEARNED || place.row() % LEARNED_OF_REST == 0) {
            learning.add(place.fold(), place.batch(), seen.pair());
          }
        });
    var models = learning.models(places.batches());
    var again = new Places(order);
    Map<String, Judged> batches = new LinkedHashMap<>();
    judged.forEach(
        (batch, id, seen) -> {
          var place = again.next(batch);
          var pair = seen.pair();
          batches
              .computeIfAbsent(batch, Judged::new)
              .add(
                  id,
                  pair.signal(),
                  models.forwards(place.fold(), pair),
                  place.row() < LEARNED ? models.byOthers(place.batch(), pair) : Double.NaN);
        });
    return new Decision(List.copyOf(batches.values()), places.rows(), learning.folds()).made();
  }
}
