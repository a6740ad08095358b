package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.nio.file.Path;
import java.util.List;

/**
 * Frozen hosts thaw after their successors started, and publish what they have: on the real ledger
 * over a real store.
 */
final class StaleRows {
  private static final int QUICK = 60;
  private static final int PUBLISHES = 1_000;

  private StaleRows() {}

  /** On a folder. */
  static List<Row> rows(Effort effort, Path scratch) throws Exception {
    try (var store = Stores.open(scratch.resolve("store").toUri())) {
      return rows(effort, store, scratch);
    }
  }

  static List<Row> rows(Effort effort, ObjectStore store, Path scratch) throws Exception {
    var hosts = new ThawedHosts(store, scratch);
    var counts = hosts.publish(effort.isQuick() ? QUICK : PUBLISHES);
    var note =
        "%d stale manifests in the store, %d above the newest step, %d between a reader's list and its choice; past the agents' own looks"
            .formatted(counts.inStore(), counts.higher(), counts.between());
    return List.of(
        row("stale_checkpoints_chosen", counts.resumed(), counts, note),
        row("stale_promoted", counts.promoted(), counts, note));
  }

  private static Row row(
      String name, ThawedHosts.Wrong wrong, ThawedHosts.Counts counts, String note) {
    return Row.measured(name, wrong.ledger(), "", counts.publishes())
        .atMost(0)
        .note(note)
        .control(wrong.control());
  }
}
