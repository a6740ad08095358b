package io.fettle.activities.plan;

import io.fettle.workflows.spec.Spec;
import java.util.Locale;
import java.util.Objects;

/**
 * How long training takes, about: 6 operations a parameter and token (2 forward, 4 backward; an
 * adapter saves two of them, recomputing takes them back) at a tenth to two fifths of what the GPU
 * computes at most. Evaluation, staging and waiting are not in it.
 *
 * @param low hours; 0: not known
 * @param high hours; 0: not known
 * @param peak trillions of operations a second in the precision of training; 0: not known
 */
record Forecast(double low, double high, double peak) {
  static final Forecast UNKNOWN = new Forecast(0, 0, 0);

  private static final double OPERATIONS = 6;
  private static final double WELL_USED = 0.4;
  private static final double BADLY_USED = 0.1;
  private static final double SECONDS_AN_HOUR = 3600;
  private static final int LARGEST_USUAL_BATCH = 32;

  /** Rows are counted after the plan: without {@code max_steps} nobody knows how many tokens. */
  static Forecast of(Spec resolved, long parameters, double peak) {
    var steps = resolved.train().maxSteps();
    if (steps == null || peak <= 0) return UNKNOWN;
    int batch = Objects.requireNonNullElse(resolved.train().globalBatchSize(), LARGEST_USUAL_BATCH);
    return ofTokens((double) steps * batch * tokens(resolved), parameters, peak);
  }

  /** Of rows that are as long as is allowed. */
  static Forecast ofRows(Spec resolved, int rows, long parameters, double peak) {
    var epochs = resolved.train().numEpochs();
    if (epochs == null || peak <= 0) return UNKNOWN;
    return ofTokens(rows * epochs * tokens(resolved), parameters, peak);
  }

  private static Forecast ofTokens(double tokens, long parameters, double peak) {
    double hours = tokens * parameters * OPERATIONS / (peak * 1e12) / SECONDS_AN_HOUR;
    return new Forecast(hours / WELL_USED, hours / BADLY_USED, peak);
  }

  private static int tokens(Spec resolved) {
    return Math.min(
        resolved.data().maxLength(),
        Objects.requireNonNullElse(resolved.data().maxTokens(), Integer.MAX_VALUE));
  }

  boolean known() {
    return high > 0;
  }

  /** -1: not known. */
  double dollars(double perHour) {
    if (perHour == 0) return 0;
    return known() && perHour > 0 ? high * perHour : -1;
  }

  String hours() {
    return "%s to %s hours".formatted(show(low), show(high));
  }

  private static String show(double hours) {
    return String.format(Locale.ROOT, hours < 0.1 ? "%.3f" : hours < 10 ? "%.1f" : "%.0f", hours);
  }
}
