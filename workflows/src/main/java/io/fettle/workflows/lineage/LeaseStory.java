package io.fettle.workflows.lineage;

/**
 * One lease of a run.
 *
 * @param fromStep optimizer step that it went on from
 * @param fromLease lease that published that checkpoint, 0 for none
 * @param toStep last step that is known to have been done
 * @param ended how it ended: {@code Finished} or the interruption's name; {@code running} before
 *     that
 * @param reason in a sentence
 */
public record LeaseStory(
    int number,
    String host,
    int fromStep,
    int fromLease,
    int toStep,
    long startedMillis,
    long endedMillis,
    String ended,
    String reason) {
  /** How the line of several leases ends, which a long run makes of its oldest. */
  public static final String FOLDED = "Folded";
}
