package io.fettle.activities.evaluation.advice;

import io.fettle.statistics.Interval;
import java.util.Locale;

/** Numbers in sentences. */
final class Say {
  private Say() {}

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** As in {@code 43 % [35, 51]}. */
  static String of(Interval share) {
    return text(
        "%.0f %% [%.0f, %.0f]", 100 * share.estimate(), 100 * share.low(), 100 * share.high());
  }

  static String percent(double share) {
    return text("%.0f %%", 100 * share);
  }

  /** As in {@code 1 row} and {@code 2 rows}. */
  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
