package io.fettle.data.filter;

import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.util.Optional;

/** One thing that a row must not be. Pure, and for use by several threads. */
public interface RowFilter {
  /** The stage's name in the report. */
  String name();

  /** What it asks for, as a manifest tells it; filters of one rule object to the same rows. */
  default String rule() {
    return name();
  }

  /** Why the row should be dropped; empty where it may stay. */
  Optional<Reason> objection(Row row);
}
