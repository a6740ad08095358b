package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Economics;
import java.util.Optional;
import java.util.OptionalDouble;

/** When tuning is paid, and what a bigger model costs instead. */
final class BreakEven {
  private static final int MONTHS = 12;

  private BreakEven() {}

  /**
   * Requests after which a tuned model has paid for its training; retrainings are taken from what
   * it saves. Infinite where it saves nothing.
   */
  static OptionalDouble requests(Optional<Economics> prices) {
    if (prices.isEmpty()) {
      return OptionalDouble.empty();
    }
    var known = prices.get();
    var prompted = known.prompted();
    var tuned = known.tuned();
    if (prompted.isEmpty() || tuned.isEmpty() || known.training().isEmpty()) {
      return OptionalDouble.empty();
    }
    double training = known.training().getAsDouble();
    double saved = prompted.get().request() - tuned.get().request();
    double again = known.retrainings() * training / MONTHS;
    if (again > 0) {
      if (known.requests().isEmpty()) {
        return OptionalDouble.empty();
      }
      saved -= again / known.requests().getAsDouble();
    }
    return OptionalDouble.of(saved > 0 ? training / saved : Double.POSITIVE_INFINITY);
  }

  /** What is said of prices for a bigger model. */
  enum Bigger {
    ALLOWED,
    TOO_DEAR,
    UNKNOWN
  }

  /**
   * Whether a bigger model's price is allowed: by the most that a request may cost, else by a year
   * of it against a year of a tuned model with its trainings.
   */
  static Bigger bigger(Optional<Economics> prices) {
    if (prices.isEmpty() || prices.get().bigger().isEmpty()) {
      return Bigger.UNKNOWN;
    }
    var known = prices.get();
    double request = prices.get().bigger().get().request();
    if (known.most().isPresent()) {
      return request <= known.most().getAsDouble() ? Bigger.ALLOWED : Bigger.TOO_DEAR;
    }
    if (known.requests().isEmpty() || known.tuned().isEmpty() || known.training().isEmpty()) {
      return Bigger.UNKNOWN;
    }
    double year = MONTHS * known.requests().getAsDouble();
    double trainings = known.training().getAsDouble() * (1 + known.retrainings());
    double tuned = year * known.tuned().get().request() + trainings;
    return year * request <= tuned ? Bigger.ALLOWED : Bigger.TOO_DEAR;
  }
}
