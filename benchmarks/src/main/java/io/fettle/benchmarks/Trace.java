package io.fettle.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * When a host could be had, entry by entry.
 *
 * @param gapSeconds what one entry stands for
 */
public record Trace(String name, double gapSeconds, List<Boolean> available) {
  public Trace {
    available = List.copyOf(available);
  }

  /**
   * Time with a host, without a break.
   *
   * @param interrupted whether it was taken away; false where the trace ends first
   */
  public record Stretch(double seconds, boolean interrupted) {}

  public List<Stretch> stretches() {
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
