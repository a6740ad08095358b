package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.HeldElsewhere;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Holders, and the store itself, whose clocks are up to a month ahead or behind. */
final class ClockRows {
  private static final int QUICK = 40;
  private static final int TRIALS = 300;
  private static final int LEASES = 4;
  private static final int MONTH_IN_SECONDS = 30 * 24 * 3_600;
  private static final long SEED = 6;

  private final Random random = new Random(SEED);
  private int wrong;
  private int wrongByTime;

  List<Row> rows(Effort effort, Path scratch) throws Exception {
    var trials = effort.isQuick() ? QUICK : TRIALS;
    try (var store = Stores.open(scratch.resolve("store").toUri())) {
      for (int trial = 0; trial < trials; trial++) {
        trial(store, new LedgerBooks(store, "clock-" + trial, scratch));
      }
    }
    return List.of(
        Row.measured("clock_jump_wrong_choices", wrong, "", trials)
            .atMost(0)
            .note(
                "lease numbers, resume points and best ones; the clocks of holders and store up to 30 days off")
            .control(wrongByTime));
  }

  private void trial(ObjectStore store, LedgerBooks books) throws Exception {
    var before = new ArrayList<LeaseRecord>();
    long step = 0;
    var isWrong = false;
    for (int number = 1; number <= LEASES; number++) {
      var lease = books.open(jumped(store, books));
      isWrong |= lease.number() != number;
      isWrong |= !expected(books).equals(Optional.ofNullable(lease.resumeFrom()));
      publishStale(books, before, step);
      for (int i = random.nextInt(3); i > 0; i--) {
        step += 10;
        books.publish(lease, step, "lease " + number, random.nextDouble());
      }
      before.add(lease);
      jumpStore(store, books);
    }
    isWrong |= isWrong(store, books);
    wrong += isWrong ? 1 : 0;
    var youngest = new NaiveReader(store, books.manifests()).youngest();
    wrongByTime += youngest.equals(books.newestOnChain().map(books::key)) ? 0 : 1;
  }

  private boolean isWrong(ObjectStore store, LedgerBooks books) throws IOException, HeldElsewhere {
    var ledger = jumped(store, books);
    return !books.newestGood(ledger).equals(books.newestOnChain())
        || !books.best(ledger).equals(books.bestOnChain());
  }

  private static Optional<Reference> expected(LedgerBooks books) {
    return books.newestOnChain().map(Published::reference);
  }

  private void publishStale(LedgerBooks books, List<LeaseRecord> before, long step)
      throws IOException, Superseded {
    if (!before.isEmpty()) {
      var zombie = before.get(random.nextInt(before.size()));
      books.publishStale(zombie, step + 1 + zombie.number() + 10L * before.size(), "stale", 0);
    }
  }

  private Ledger jumped(ObjectStore store, LedgerBooks books) {
    return books.ledger(store, Clock.offset(Clock.systemUTC(), jump()));
  }

  private Duration jump() {
    return Duration.ofSeconds(random.nextInt(-MONTH_IN_SECONDS, MONTH_IN_SECONDS));
  }

  /** Every object's time as the store would give it, had its clock jumped before each write. */
  private void jumpStore(ObjectStore store, LedgerBooks books) throws IOException {
    var root = Path.of(store.root());
    for (var prefix : List.of(books.manifests(), books.leases())) {
      for (var object : store.list(prefix)) {
        Files.setLastModifiedTime(
            root.resolve(object.key()), FileTime.from(Instant.now().plus(jump())));
      }
    }
  }
}
