package io.fettle.data.prepare;

import io.fettle.data.row.Reason;
import io.fettle.data.row.Tally;
import java.util.List;
import java.util.Optional;

/**
 * One named step of the pipeline: it sees the rows once, in order, and lets each go on or says why
 * not.
 */
interface Stage {
  String name();

  /** Why the row ends here; empty lets it go on. */
  Optional<Reason> objection(Entry row);

  /** Judges one row and counts it. */
  default boolean passes(Entry row, Tally tally) {
    Optional<Reason> objection = objection(row);
    objection.ifPresentOrElse(
        reason -> tally.stage(name()).drop(reason, row.id()), tally.stage(name())::keep);
    return objection.isEmpty();
  }

  /** Those that go on. */
  default List<Entry> filter(List<Entry> rows, Tally tally) {
    tally.stage(name());
    return rows.stream().filter(row -> passes(row, tally)).toList();
  }
}
