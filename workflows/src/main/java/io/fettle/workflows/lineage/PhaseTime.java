package io.fettle.workflows.lineage;

/**
 * One phase of a run.
 *
 * @param startedMillis workflow time, milliseconds since the epoch
 * @param seconds how long it took; so far, where it has not ended
 * @param state {@code running}, {@code done}, {@code reused} or {@code failed}
 * @param note its result in a few words
 */
public record PhaseTime(
    String name, long startedMillis, double seconds, String state, String note) {}
