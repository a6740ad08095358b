package io.fettle.data.prepare;

import io.fettle.data.dedup.Fingerprint;

/**
 * What is remembered of a row while its text lies on disk.
 *
 * @param place its place in the spool
 * @param inTestSet whether the user brought it as a test row
 * @param batch that it declares, one text for all its rows; empty where it declares none
 */
record Entry(
    int place,
    String id,
    boolean inTestSet,
    String group,
    String batch,
    Fingerprint whole,
    Fingerprint prompt,
    Fingerprint response) {
  static Entry of(Intake.Incoming row, int place, String batch) {
    return new Entry(
        place,
        row.row().id(),
        row.inTestSet(),
        row.row().group(),
        batch,
        row.whole(),
        row.sketch().prompt(),
        row.sketch().response());
  }
}
