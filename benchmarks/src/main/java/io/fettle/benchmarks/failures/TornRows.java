package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger.HeldElsewhere;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The newest k checkpoints of a run are damaged, k from one to all; the next lease goes on from the
 * newest whole one, and what its trainer would load is what was saved.
 */
final class TornRows {
  private static final int QUICK = 60;
  private static final int TRIALS = 400;
  private static final int MOST = 6;
  private static final long SEED = 5;

  private final Random random = new Random(SEED);
  private int loaded;
  private int notNearest;
  private int loadedByControl;

  List<Row> rows(Effort effort, Path scratch) throws Exception {
    var trials = effort.isQuick() ? QUICK : TRIALS;
    try (var store = Stores.open(scratch.resolve("store").toUri())) {
      for (int trial = 0; trial < trials; trial++) {
        trial(store, trial, scratch);
      }
    }
    var note =
        "%d kinds of damage on the newest 1 to %d checkpoints over 1 to 3 leases; in the ledger"
            .formatted(Harm.values().length, MOST);
    return List.of(
        row("torn_checkpoints_loaded", loaded, trials, note),
        row(
            "torn_not_nearest",
            notNearest,
            trials,
            "an older one than the newest whole one, or none; also once the successor has saved the same bytes again"));
  }

  private Row row(String name, int value, int trials, String note) {
    return Row.measured(name, value, "", trials).atMost(0).note(note).control(loadedByControl);
  }

  private void trial(ObjectStore store, int number, Path scratch) throws Exception {
    var books = new LedgerBooks(store, "torn-" + number, scratch);
    publish(books, 1 + random.nextInt(MOST));
    var chain = books.chain();
    var damaged = damage(store, books, 1 + number % chain.size());
    var whole = chain.size() - damaged.size();

    var successor = books.open(books.ledger());

    var resumeFrom = successor.resumeFrom();
    var nearest = whole == 0 ? null : chain.get(whole - 1).reference();
    if (resumeFrom == null ? nearest != null : !resumeFrom.equals(nearest)) {
      notNearest++;
    }
    if (resumeFrom != null
        && (damaged.contains(store.key(resumeFrom.uri())) || !isSaved(books, successor, scratch))) {
      loaded++;
    }
    if (new NaiveReader(store, books.manifests()).newest().filter(damaged::contains).isPresent()) {
      loadedByControl++;
    }
    goOn(books, successor, chain.subList(whole, chain.size()));
  }

  /** So many checkpoints, by one lease or by several that go on from each other. */
  private void publish(LedgerBooks books, int checkpoints)
      throws IOException, HeldElsewhere, Superseded {
    var lease = books.open(books.ledger());
    for (int i = 1; i <= checkpoints; i++) {
      books.publish(lease, i * 10L, "one", 1.0 / i);
      if (lease.number() < 3 && random.nextInt(3) == 0) {
        lease = books.open(books.ledger());
      }
    }
  }

  private Set<String> damage(ObjectStore store, LedgerBooks books, int newest) throws IOException {
    var chain = books.chain();
    var kinds = Harm.values();
    var damaged = new HashSet<String>();
    for (int back = 1; back <= newest; back++) {
      var victim = chain.get(chain.size() - back);
      var other = chain.getFirst(); // struck last
      var kind = kinds[random.nextInt(kinds.length)];
      if (other.equals(victim) && kind == Harm.MANIFEST_OF_ANOTHER) {
        kind = Harm.MANIFEST_EMPTY; // there is no other
      }
      var objects =
          victim.manifest().files().stream().map(file -> books.object(file.sha256())).toList();
      kind.strike(store, new Harm.Target(books.key(victim), objects, other.reference()), random);
      damaged.add(books.key(victim));
    }
    return damaged;
  }

  /** Whether the successor's trainer would get the files that were saved, and no others. */
  private static boolean isSaved(LedgerBooks books, LeaseRecord successor, Path scratch)
      throws IOException {
    var ledger = books.ledger();
    var folder = scratch.resolve("loaded-" + successor.run());
    var published = ledger.published(Objects.requireNonNull(successor.resumeFrom()));
    ledger.fetch(published, folder);
    var step = published.manifest().step();
    var saved =
        new TinyCheckpoints(scratch.resolve("again-" + successor.run()))
            .write(step, "one", 10.0 / step);
    for (var file : published.manifest().files()) {
      if (Files.mismatch(folder.resolve(file.path()), saved.resolve(file.path())) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** On one thread the successor saves the very bytes whose first copies were damaged. */
  private void goOn(LedgerBooks books, LeaseRecord successor, List<Published> lost)
      throws IOException, Superseded {
    for (var before : lost) {
      var step = before.manifest().step();
      var again = books.publish(successor, step, "one", 10.0 / step);
      if (!books.newestGood(books.ledger()).equals(Optional.of(again))) {
        notNearest++;
      }
    }
  }
}
