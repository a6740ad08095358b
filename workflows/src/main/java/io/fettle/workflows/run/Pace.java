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

  /** The next pause of a back-off: twice as long, up to the longest. */
  static Duration doubled(Duration pause, Duration longest) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(longest) < 0 ? doubled : longest;
  }

  Duration of(Duration shipped) {
    return shipped.dividedBy(faster);
  }
}
