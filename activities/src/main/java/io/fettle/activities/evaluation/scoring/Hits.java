package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import java.util.Map;

/** Fields that were found, of those that were wanted and of those that were given. */
final class Hits {
  private long found;
  private long given;
  private long wanted;

  /** Adds one item's and tells its own F1; 1 where nothing was wanted and nothing given. */
  double add(Map<String, Integer> answer, Map<String, Integer> reference) {
    int shared = Json.shared(answer, reference);
    int all = Json.size(answer) + Json.size(reference);
    found += shared;
    given += Json.size(answer);
    wanted += Json.size(reference);
    return all == 0 ? 1 : 2.0 * shared / all;
  }

  /** Over all items together; 0 over 0 is left out. */
  void describe(Sheet sheet, String prefix) {
    if (given > 0) sheet.extra(prefix + "_precision", found / (double) given);
    if (wanted > 0) sheet.extra(prefix + "_recall", found / (double) wanted);
    if (given + wanted > 0) sheet.extra(prefix + "_f1", 2.0 * found / (given + wanted));
  }
}
