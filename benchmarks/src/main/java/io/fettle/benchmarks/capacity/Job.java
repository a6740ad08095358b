package io.fettle.benchmarks.capacity;

/**
 * One training with a deadline over one market. Seconds, and dollars an hour.
 *
 * @param work of training, without interruption
 * @param change from a choice to the first new step
 * @param save between two checkpoints: what was trained since is lost with a spot host, which ends
 *     without a notice here
 * @param spot price
 * @param onDemand price
 */
record Job(
    SpotMarket market,
    double work,
    double deadline,
    double change,
    double save,
    double spot,
    double onDemand) {
  boolean isMetByOnDemand() {
    return work + change <= deadline;
  }
}
