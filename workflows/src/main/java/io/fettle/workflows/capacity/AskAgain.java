package io.fettle.workflows.capacity;

import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * Detail of a {@code NO_CAPACITY}: when another answer can be expected, at the latest; a deadline
 * may come closer meanwhile.
 */
public record AskAgain(Duration after) {
  /** What the failure says; empty: nothing, as those of older releases. */
  public static Optional<Duration> of(ActivityFailure failure) {
    try {
      return failure.getCause() instanceof ApplicationFailure known
              && known.getDetails().getSize() == 1
          ? Optional.ofNullable(known.getDetails().get(0, AskAgain.class)).map(AskAgain::after)
          : Optional.empty();
    } catch (DataConverterException otherKind) {
      return Optional.empty();
    }
  }
}
