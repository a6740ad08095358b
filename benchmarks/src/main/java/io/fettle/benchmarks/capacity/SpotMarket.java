package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * When spot is to be had in one place.
 *
 * @param spans in order, without gaps, from 0 on; after the last there is none
 */
record SpotMarket(String name, List<Span> spans) {
  SpotMarket {
    spans = List.copyOf(spans);
  }

  /** Seconds. */
  record Span(double from, double to, boolean up) {
    double length() {
      return to - from;
    }
  }

  /**
   * Up and down by turns, each for an exponential time.
   *
   * @param medianUp seconds
   * @param share of the time that it is up
   */
  static SpotMarket drawn(long seed, double medianUp, double share, double horizon) {
    var random = new Random(seed);
    double meanUp = medianUp / Math.log(2);
    double meanDown = meanUp * (1 - share) / share;
    var spans = new ArrayList<Span>();
    boolean up = random.nextDouble() < share;
    double at = 0;
    while (at < horizon) {
      double length = -Math.log(1 - random.nextDouble()) * (up ? meanUp : meanDown);
      spans.add(new Span(at, at + length, up));
      at += length;
      up = !up;
    }
    return new SpotMarket(
        "up %.0f s in the median, %.0f %% of the time".formatted(medianUp, 100 * share), spans);
  }

  /** As recorded, from one of its entries on, repeated where it is too short. */
  static SpotMarket of(Trace trace, int start, double horizon) {
    var spans = new ArrayList<Span>();
    double at = 0;
    for (int i = start; at < horizon; i++) {
      boolean up = trace.available().get(i % trace.available().size());
      double to = at + trace.gapSeconds();
      if (!spans.isEmpty() && spans.getLast().up() == up) {
        spans.set(spans.size() - 1, new Span(spans.getLast().from(), to, up));
      } else {
        spans.add(new Span(at, to, up));
      }
      at = to;
    }
    return new SpotMarket(trace.name(), spans);
  }

  boolean isUp(double at) {
    int low = 0;
    int high = spans.size() - 1;
    while (low <= high) {
      int middle = (low + high) / 2;
      var span = spans.get(middle);
      if (at < span.from()) {
        high = middle - 1;
      } else if (at >= span.to()) {
        low = middle + 1;
      } else {
        return span.up();
      }
    }
    return false;
  }
}
