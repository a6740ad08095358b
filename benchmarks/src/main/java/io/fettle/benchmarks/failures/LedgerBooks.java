package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.LeaseRecord.Holder;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.HeldElsewhere;
import io.fettle.activities.training.ledger.Ledger.Opening;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One run of the real ledger, and beside it what ought to be in it by books that the ledger does
 * not see: which checkpoints the newest lease may go on from, and which are stale.
 */
final class LedgerBooks {
  private static final String INPUT = "input-of-these-rows";

  private final ObjectStore store;
  private final String run;
  private final TinyCheckpoints local;
  private final List<Published> chain = new ArrayList<>();
  private final Set<String> stale = new HashSet<>();
  private int opened;

  LedgerBooks(ObjectStore store, String run, Path scratch) {
    this.store = store;
    this.run = run;
    this.local = new TinyCheckpoints(scratch.resolve(run));
  }

  /**
   * The real ledger.
   *
   * @param through the same store, or a decorator of it
   */
  Ledger ledger(ObjectStore through, Clock clock) {
    return new Ledger(through, run, clock);
  }

  Ledger ledger() {
    return ledger(store, Clock.systemUTC());
  }

  /** Another holder opens the next lease. */
  LeaseRecord open(Ledger ledger) throws IOException, HeldElsewhere {
    var holder = new Holder("fettle", "workflow-run", "activity-" + ++opened);
    return ledger.open(new Opening(holder, "host-" + opened, INPUT, 0));
  }

  /** The newest lease publishes. */
  Published publish(LeaseRecord lease, long step, String content, double devLoss)
      throws IOException, Superseded {
    var published = put(lease, step, content, devLoss);
    chain.add(published);
    return published;
  }

  /** A lease publishes whose successor has opened, and so past its agent's look at the ledger. */
  Published publishStale(LeaseRecord lease, long step, String content, double devLoss)
      throws IOException, Superseded {
    var published = put(lease, step, content, devLoss);
    stale.add(key(published));
    return published;
  }

  private Published put(LeaseRecord lease, long step, String content, double devLoss)
      throws IOException, Superseded {
    return ledger().publish(lease, local.write(step, content, devLoss));
  }

  Optional<Published> newestGood(Ledger ledger) throws IOException {
    return ledger.newestGood(INPUT);
  }

  Optional<Published> best(Ledger ledger) throws IOException {
    return ledger.best(INPUT);
  }

  /** What the next lease ought to go on from. */
  Optional<Published> newestOnChain() {
    return chain.isEmpty() ? Optional.empty() : Optional.of(chain.getLast());
  }

  /** What a finished train ought to record. */
  Optional<Published> bestOnChain() {
    return chain.stream().min(Comparator.comparingDouble(LedgerBooks::devLoss));
  }

  /** Oldest first. */
  List<Published> chain() {
    return List.copyOf(chain);
  }

  boolean isStale(String key) {
    return stale.contains(key);
  }

  int staleInStore() throws IOException {
    return (int)
        store.list(manifests()).stream().filter(object -> stale.contains(object.key())).count();
  }

  /** The prefix of this run's manifests. */
  String manifests() {
    return "runs/%s/checkpoints/".formatted(run);
  }

  /** The prefix of this run's leases. */
  String leases() {
    return "runs/%s/leases/".formatted(run);
  }

  String object(String sha256) {
    return "runs/%s/objects/sha256/%s/%s".formatted(run, sha256.substring(0, 2), sha256);
  }

  String key(Published published) {
    return store.key(published.reference().uri());
  }

  private static double devLoss(Published published) {
    var loss = published.manifest().devLoss();
    return loss == null ? Double.POSITIVE_INFINITY : loss;
  }
}
