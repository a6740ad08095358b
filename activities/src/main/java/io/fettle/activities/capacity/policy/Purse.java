package io.fettle.activities.capacity.policy;

import io.fettle.workflows.spec.CapacityTerms;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a run has spent, and what is left to it: of its own cap and its experiment's the lesser.
 *
 * @param spent dollars of its own hosts, those that live included
 * @param left dollars, after what has to be kept for stopping the hosts that live; empty: no cap
 */
public record Purse(double spent, OptionalDouble left) {
  public static final Purse OPEN = new Purse(0, OptionalDouble.empty());

  /**
   * From the order to stop until a checkpoint of usual size is published and the host given back.
   */
  private static final Duration MARGIN = Duration.ofMinutes(3);

  /** How long a host may cost money after it was to be stopped, if its trainer hears of it. */
  public static Duration saving(CapacityTerms terms) {
    return terms.stop().plus(MARGIN);
  }

  /** The same, if nobody hears of it: the host then ends itself. */
  public static Duration stopping(CapacityTerms terms) {
    return saving(terms).plus(terms.lease());
  }

  /** How long a host is paid for at least: it starts, and it may have to be stopped unheard. */
  public static Duration least(CapacityTerms terms, Duration start) {
    return start.plus(stopping(terms));
  }

  /** An unknown price blocks nothing. */
  public boolean pays(double dollars) {
    return dollars < 0 || left.isEmpty() || dollars <= left.getAsDouble();
  }

  /** For a sentence. */
  public String show() {
    var soFar = String.format(Locale.ROOT, "%.2f dollars spent", spent);
    return left.isEmpty()
        ? soFar
        : soFar + String.format(Locale.ROOT, ", %.2f left", Math.max(0, left.getAsDouble()));
  }
}
