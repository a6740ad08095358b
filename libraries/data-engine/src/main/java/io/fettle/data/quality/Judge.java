package io.fettle.data.quality;

import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.OptionalDouble;

/** Says how good a row is. For use by several threads. */
public interface Judge {
  /**
   * How good the row is, the more the better, on a scale of the judge's own.
   *
   * @return empty where what the judge said is no score: that is counted, never guessed
   * @throws Unusable where it can be asked about no row, so that none should be tried after this
   * @throws IOException where it cannot be asked about this row, after what retries it makes
   */
  OptionalDouble score(Row row) throws IOException, InterruptedException;

  /** What its scores are comparable by. */
  Column column();

  /** A judge that answers nobody, or not us. */
  final class Unusable extends IOException {
    private static final long serialVersionUID = 1;

    public Unusable(String message) {
      super(message);
    }
  }

  /**
   * Scores of one model that was asked one thing.
   *
   * @param model its name, at the server that was asked
   * @param prompt SHA-256 of everything that it was told but the row, in hex
   */
  record Column(String model, String prompt) {}
}
