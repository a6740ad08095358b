package io.fettle.data.prepare;

import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.row.Row;

/**
 * What is remembered of a row while its text lies on disk.
 *
 * @param place its place in the spool
 * @param inTestSet whether the user brought it as a test row
 */
record Entry(
    int place,
    String id,
    boolean inTestSet,
    String group,
    Fingerprint whole,
    Fingerprint prompt,
    Fingerprint response) {
  static Entry of(Row row, int place, boolean inTestSet) {
    return new Entry(
        place,
        row.id(),
        inTestSet,
        row.group(),
        Fingerprint.ofRow(row),
        Fingerprint.ofPrompt(row),
        Fingerprint.ofResponse(row));
  }
}
