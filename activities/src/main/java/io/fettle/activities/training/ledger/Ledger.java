package io.fettle.activities.training.ledger;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.training.TakeOver;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The leases and published checkpoints of one run. Any number of processes may use it at once: only
 * if-none-match decides a race, and the reader alone decides which checkpoint counts.
 *
 * <p>A lease's number fences nothing by itself. What may be resumed from lies on one chain: the
 * newest lease's own manifests, then its {@code resumeFrom}, then back through what each lease
 * loaded. A zombie may publish what it likes.
 */
public final class Ledger {
  private final ObjectStore store;
  private final String run;
  private final LeaseLog leases;
  private final Publication publication;
  private final Chain chain;
  private final Retention retention;

  public Ledger(ObjectStore store, String run, Clock clock) {
    var keys = new LedgerKeys(run);
    this.store = store;
    this.run = run;
    this.leases = new LeaseLog(store, keys, clock);
    this.publication = new Publication(store, keys);
    this.chain = new Chain(store, keys, leases);
    this.retention = new Retention(store, keys, leases, chain);
  }

  /** A checkpoint and where its manifest lies. */
  public record Published(Reference reference, Manifest manifest) {}

  /**
   * A request for the next lease.
   *
   * @param expired the number of another namespace's lease that was seen to run out, or that the
   *     user takes over; 0: none
   * @param takenOverBy who takes it over; kept in the lease's record
   */
  public record Opening(
      LeaseRecord.Holder holder,
      String host,
      String input,
      int expired,
      @Nullable TakeOver takenOverBy) {

    public Opening(LeaseRecord.Holder holder, String host, String input, int expired) {
      this(holder, host, input, expired, null);
    }
  }

  /** Where a checkpoint stands. */
  public record Place(int lease, long step) {}

  /**
   * Which checkpoints stay, beside the best one and those that leases went on from.
   *
   * @param last how many of the newest whole ones; at least 1
   * @param every the first one past each multiple of so many steps; 0: none
   */
  public record Keep(int last, int every) {}

  /** What a collection deleted. */
  public record Swept(int manifests, int blobs, long bytes) {}

  /** Where a published checkpoint stands for the next lease of the newest lease's input. */
  public enum Standing {
    /** The newest whole one on the chain: the next lease goes on from it. */
    RESUME_POINT,
    /** On the chain, but a newer one is whole. */
    SUPERSEDED,
    /** On the chain, but an object of it is missing or damaged. */
    BROKEN_OBJECT,
    /** Torn, flipped, or not what its lease could have written. */
    BROKEN_MANIFEST,
    /** A later lease did not go on from it. */
    STALE_LEASE,
    /** Of other rows, another plan or another environment. */
    ANOTHER_INPUT
  }

  /**
   * One published checkpoint.
   *
   * @param manifest empty where it is broken
   * @param best whether it is the best of the chain
   * @param whole whether it passed the look that was asked for
   * @param loadedBy the leases that went on from it
   */
  public record Entry(
      int lease,
      long step,
      Instant publishedAt,
      Optional<Manifest> manifest,
      Standing standing,
      boolean best,
      boolean whole,
      List<Integer> loadedBy) {}

  /** Another lease published another checkpoint under our number: ours is stale. */
  public static final class Superseded extends Exception {
    public Superseded(String message) {
      super(message);
    }
  }

  /** Another namespace holds the newest lease, and nobody saw it end. */
  public static final class HeldElsewhere extends Exception {
    private final transient LeaseRecord lease;

    HeldElsewhere(LeaseRecord lease) {
      super(
          "run %s is held by namespace %s (lease %d on host %s, opened %s), and nobody saw it end; wait until it does, or end it with `fettle run SPEC --take-over --reason WHY`"
              .formatted(
                  lease.run(),
                  lease.holder().namespace(),
                  lease.number(),
                  lease.host(),
                  lease.openedAt()));
      this.lease = lease;
    }

    public LeaseRecord lease() {
      return lease;
    }
  }

  /**
   * Opens the next lease on the newest intact checkpoint of the chain. A repeat by the same holder
   * returns the record that it wrote, and never chooses again.
   */
  public LeaseRecord open(Opening opening) throws IOException, HeldElsewhere {
    while (true) {
      var mine = leases.heldBy(opening.holder());
      if (mine.isPresent()) {
        return mine.get();
      }
      var newest = leases.newest();
      if (newest.isPresent() && isHeldElsewhere(newest.get(), opening)) {
        throw new HeldElsewhere(newest.get());
      }
      leases.announce(newest.map(LeaseRecord::number).orElse(0) + 1);
      var resumeFrom = newestGood(opening.input()).map(Published::reference);
      var lease = leases.next(run, newest, opening, resumeFrom);
      if (leases.put(lease)) {
        return lease;
      }
    }
  }

  private boolean isHeldElsewhere(LeaseRecord newest, Opening opening) throws IOException {
    return !newest.holder().namespace().equals(opening.holder().namespace())
        && newest.number() != opening.expired()
        && !leases.ended(newest.number());
  }

  public Optional<LeaseRecord> newestLease() throws IOException {
    return leases.newest();
  }

  /** A lease by its number; it must be there. */
  public LeaseRecord lease(int number) throws IOException {
    return leases.read(number);
  }

  /** Every lease of the run, oldest first. */
  public List<LeaseRecord> leases() throws IOException {
    return leases.all();
  }

  /**
   * Says that this lease's agent lives. The content changes with each call; nobody reads a clock
   * from it.
   */
  public void renew(int lease) throws IOException {
    leases.renew(lease);
  }

  /**
   * Says that this lease's trainer has ended, so that another namespace need not wait for it to run
   * out.
   */
  public void end(int lease) throws IOException {
    leases.end(lease);
  }

  public boolean ended(int lease) throws IOException {
    return leases.ended(lease);
  }

  /**
   * The last sign of life as it stands, to be compared with the one before; empty before the first.
   */
  public String signOfLife(int lease) throws IOException {
    return leases.signOfLife(lease);
  }

  /**
   * Publishes a checkpoint directory: its objects, then its manifest, then a last look at every
   * object. Repeating it is safe.
   *
   * @throws Superseded if another manifest stands under the same lease and step
   * @throws IOException if the store is away, or a file is not what the trainer's manifest says
   */
  public Published publish(LeaseRecord lease, Path checkpoint) throws IOException, Superseded {
    return publication.publish(lease, checkpoint);
  }

  /** Keeps what a lease's trainer said so far, for people; no decision reads it. */
  public void keepEvents(int lease, byte[] lines) throws IOException {
    store.put(new LedgerKeys(run).events(lease), lines);
  }

  /** What a lease's trainer said so far; empty where nothing is kept. */
  public byte[] events(int lease) throws IOException {
    return store.find(new LedgerKeys(run).events(lease)).orElse(new byte[0]);
  }

  /** The newest checkpoint of the chain that is whole, every byte read and hashed. */
  public Optional<Published> newestGood(String input) throws IOException {
    return Choice.newest(chain.candidates(input), chain::isIntact).map(chain::published);
  }

  /**
   * The intact checkpoint of the chain with the least dev loss (the earlier one on a tie); empty if
   * none has any.
   */
  public Optional<Published> best(String input) throws IOException {
    return Choice.best(chain.candidates(input), chain::isIntact).map(chain::published);
  }

  /**
   * Every published checkpoint of the run by lease and step, also those that can never be chosen.
   *
   * @param read whether every byte is read and hashed, or only the objects' sizes are looked up
   */
  public List<Entry> survey(boolean read) throws IOException {
    Choice.Look look = read ? chain::isIntact : chain::isComplete;
    return new Survey(store, new LedgerKeys(run), leases, chain, look).entries();
  }

  /**
   * Reads the newest good checkpoint back, without which {@link #collect} deletes no checkpoint.
   * May take as long as its upload.
   */
  public void proveNewest(LeaseRecord mine, Keep keep) throws IOException {
    retention.prove(mine, keep);
  }

  /**
   * Deletes the checkpoints that need not stay, and blobs that no manifest names. Deletes nothing
   * once another lease has opened or is opening. A pass that is cut off anywhere leaves only what
   * the next one collects. Nobody may publish under this lease meanwhile.
   *
   * @param goesOn asked before each deletion
   */
  public Swept collect(LeaseRecord mine, Keep keep, BooleanSupplier goesOn) throws IOException {
    return retention.sweep(mine, keep, goesOn);
  }

  public Place place(Reference checkpoint) {
    var place = LedgerKeys.place(store.key(checkpoint.uri()));
    return new Place(place.lease(), place.step());
  }

  /** The checkpoint with its manifest, which is verified. */
  public Published published(Reference reference) throws IOException {
    var manifest =
        ManifestFormat.read(store.read(reference))
            .orElseThrow(
                () -> new IOException(reference.uri() + " is no manifest of a checkpoint"));
    return new Published(reference, manifest);
  }

  /** Brings a checkpoint's files into a folder, each verified. */
  public void fetch(Published published, Path folder) throws IOException {
    var files = published.manifest().files();
    for (var file : files) {
      if (!folder.resolve(file.path()).normalize().startsWith(folder)) {
        throw new IOException(
            published.reference().uri() + " names a file outside its folder: " + file.path());
      }
    }
    AtOnce.each(files, file -> fetch(file, folder.resolve(file.path()).normalize()));
  }

  private void fetch(Manifest.File file, Path target) throws IOException {
    var blob = store.uri(new LedgerKeys(run).object(file.sha256()));
    store.download(new Reference(blob, file.sha256()), file.expected(), target, _ -> {});
  }
}
