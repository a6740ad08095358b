package io.fettle.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * When a host could be had, entry by entry.
 *
 * @param gapSeconds what one entry stands for
 */
record Trace(String name, double gapSeconds, List<Boolean> available) {
  Trace {
    available = List.copyOf(available);
  }

  /**
   * Time with a host, without a break.
   *
   * @param interrupted whether it was taken away; false where the trace ends first
   */
  record Stretch(double seconds, boolean interrupted) {}

  List<Stretch> stretches() {
    var stretches = new ArrayList<Stretch>();
    int entries = 0;
    for (boolean there : available) {
      if (there) {
        entries++;
      } else if (entries > 0) {
        stretches.add(new Stretch(entries * gapSeconds, true));
        entries = 0;
      }
    }
    if (entries > 0) {
      stretches.add(new Stretch(entries * gapSeconds, false));
    }
    return stretches;
  }
}
