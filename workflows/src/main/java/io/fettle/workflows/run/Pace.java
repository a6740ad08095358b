package io.fettle.workflows.run;

import java.time.Duration;

/**
 * The shipped times of a run's patience, or all of them shorter by one factor: heartbeat timeouts
 * and back-off, not what a machine needs to do its work. A failure benchmark lives faster than a
 * team does.
 *
 * @param faster 1 for the product
 * @param silenceIsDeath false for the product; true is that benchmark's control, which takes lost
 *     contact for a lost host without a probe
 */
public record Pace(int faster, boolean silenceIsDeath) {
  public static final Pace SHIPPED = new Pace(1, false);

  Duration of(Duration shipped) {
    return shipped.dividedBy(faster);
  }
}
