package io.fettle.workflows.capacity;

/**
 * How far a run is when it asks for a host: what a choice under a deadline stands on.
 *
 * @param startedMillis of the run, Unix time on the server's clock
 * @param nowMillis on the same clock
 * @param step optimizer steps that a published checkpoint keeps; 0 before training
 * @param steps of the whole training; 0: not known yet
 * @param trainedSeconds that trainers have worked on them, steps repeated included; 0: none yet
 * @param preemptions of hosts so far
 * @param waitedSeconds since the host that is asked for was first asked for
 */
public record CapacityProgress(
    long startedMillis,
    long nowMillis,
    int step,
    int steps,
    double trainedSeconds,
    int preemptions,
    double waitedSeconds) {
  /** Of requests by older releases. */
  public static final CapacityProgress NONE = new CapacityProgress(0, 0, 0, 0, 0, 0, 0);

  public CapacityProgress waited(double seconds) {
    return new CapacityProgress(
        startedMillis, nowMillis, step, steps, trainedSeconds, preemptions, seconds);
  }
}
