package io.fettle.benchmarks.capacity;

/** Which host a training has next. */
interface Strategy {
  /** Where it stands. Seconds. */
  record View(
      Job job, double now, boolean spotIsUp, Hold hold, double kept, double trained, int taken) {
    double left() {
      return job.deadline() - now;
    }

    double work() {
      return job.work() - kept;
    }
  }

  enum Hold {
    NOTHING,
    SPOT,
    ON_DEMAND
  }

  /**
   * @param hold what to have from now on; a host of that market is kept
   * @param again when to ask again, in seconds from now
   */
  record Move(Hold hold, double again) {}

  /** Asked where no host is held, and from time to time on demand; never on spot. */
  Move next(View view);

  /** Whether a spot host is made ready while one on demand still trains. */
  default boolean overlaps() {
    return false;
  }
}
