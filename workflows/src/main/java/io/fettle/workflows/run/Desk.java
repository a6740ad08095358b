package io.fettle.workflows.run;

import java.util.Optional;

/** What updates, signals and queries reach of a run, and its phases with them. */
record Desk(
    Journal journal, Park park, Approval approval, Amendments amendments, Handover handover) {

  /** A new one, or as another execution of the run left it. */
  static Desk of(Optional<Continued> from) {
    Journal journal = new Journal();
    from.ifPresent(journal::goOn);
    return new Desk(
        journal,
        new Park(journal),
        new Approval(journal),
        new Amendments(journal, from.map(Continued::amended)),
        new Handover(journal));
  }
}
