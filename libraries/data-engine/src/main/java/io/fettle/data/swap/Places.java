package io.fettle.data.swap;

import java.util.HashMap;
import java.util.Map;

/**
 * Where the next row lies. A run of a batch lies in one fold, and so do its neighbours: what is
 * turned with it must not speak for it. The first rows of scattered batches are all near each
 * other, so there runs take the folds in turn, whatever lies between them.
 */
final class Places {
  private static final int ROWS_OF_BLOCK = 100;

  private final Map<String, Batch> batches = new HashMap<>();
  private final Swaps.Order order;
  private int rows;
  private int runs;

  Places(Swaps.Order order) {
    this.order = order;
  }

  /**
   * A row's place.
   *
   * @param row its number within the batch, from 0
   * @param fold from 0 to {@link Learning#FOLDS}
   * @param batch the batch's number, from 0
   */
  record Place(int row, int fold, int batch) {}

  private static final class Batch {
    private final int number;
    private int rows;
    private int fold;

    Batch(int number) {
      this.number = number;
    }
  }

  Place next(String name) {
    var batch = batches.computeIfAbsent(name, _ -> new Batch(batches.size()));
    if (batch.rows % Swaps.RUN == 0) {
      batch.fold =
          (order == Swaps.Order.ON_END ? rows : runs * Swaps.RUN) / ROWS_OF_BLOCK % Learning.FOLDS;
      runs++;
    }
    rows++;
    return new Place(batch.rows++, batch.fold, batch.number);
  }

  int rows() {
    return rows;
  }

  int batches() {
    return batches.size();
  }
}
