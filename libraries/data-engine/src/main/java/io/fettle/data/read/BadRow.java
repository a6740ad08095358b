package io.fettle.data.read;

import io.fettle.data.row.Reason;

/** Ends the reading of one row. Without a stack trace: a file may hold millions of them. */
final class BadRow extends Exception {
  private final Reason reason;

  BadRow(Reason reason) {
    super(reason.meaning(), null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
