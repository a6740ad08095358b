package io.fettle.workflows.lineage;

/**
 * One order of an operator that a run took.
 *
 * @param action {@code pause}, {@code unpause}, {@code approve}, {@code reject}, or {@code amend}
 *     and what was amended
 * @param by who gave it
 * @param reason why, in their words
 * @param atMillis workflow time, milliseconds since the epoch
 * @param before the value that it found; empty where it changed none
 * @param after the value that stands since
 */
public record AuditEntry(
    String action, String by, String reason, long atMillis, String before, String after) {}
