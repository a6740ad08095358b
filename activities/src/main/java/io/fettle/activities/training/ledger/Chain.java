package io.fettle.activities.training.ledger;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints that may be chosen, newest first. It walks by lease records, which name what each
 * lease loaded, so that a torn manifest in between does not hide the ones before it.
 */
final class Chain {
  private static final Logger log = LoggerFactory.getLogger(Chain.class);

  private final ObjectStore store;
  private final LedgerKeys keys;
  private final LeaseLog leases;

  Chain(ObjectStore store, LedgerKeys keys, LeaseLog leases) {
    this.store = store;
    this.keys = keys;
    this.leases = leases;
  }

  /**
   * A manifest on the chain by its place; {@code manifest} is null where it is torn or not of this
   * lineage.
   */
  record Candidate(String key, int lease, long step, String sha256, @Nullable Manifest manifest) {}

  List<Candidate> candidates(String input) throws IOException {
    var chain = new ArrayList<Candidate>();
    var newest = leases.newest();
    if (newest.isEmpty()) {
      return chain;
    }
    var lease = newest.get();
    @Nullable Reference upTo = null;
    while (lease.input().equals(input)) {
      chain.addAll(own(lease, upTo));
      upTo = lease.resumeFrom();
      if (upTo == null) {
        return chain;
      }
      lease = leases.read(LedgerKeys.place(store.key(upTo.uri())).lease());
    }
    return chain;
  }

  /** Every manifest of the run, on the chain or not, in the order of their keys. */
  List<Candidate> all() throws IOException {
    var leasesByNumber = new HashMap<Integer, LeaseRecord>();
    leases.all().forEach(lease -> leasesByNumber.put(lease.number(), lease));
    var all = new ArrayList<Candidate>();
    for (var object : store.list(keys.checkpoints())) {
      if (LedgerKeys.isCheckpoint(object.key())) {
        var lease = leasesByNumber.get(LedgerKeys.place(object.key()).lease());
        all.add(candidate(object.key(), lease));
      }
    }
    return all;
  }

  /**
   * Whether the manifest and every one of its objects are what they were when they were published,
   * every byte read and hashed.
   */
  boolean isIntact(Candidate candidate) throws IOException {
    return hasAll(candidate, this::isWhole);
  }

  /** Whether the manifest is whole and every one of its objects is there with its size. */
  boolean isComplete(Candidate candidate) throws IOException {
    return hasAll(candidate, this::isThere);
  }

  Ledger.Published published(Candidate candidate) {
    return new Ledger.Published(
        new Reference(store.uri(candidate.key()), candidate.sha256()),
        Objects.requireNonNull(candidate.manifest(), "only a whole manifest is chosen"));
  }

  private interface FileTest {
    boolean holds(Manifest.File file) throws IOException;
  }

  private static boolean hasAll(Candidate candidate, FileTest test) throws IOException {
    var manifest = candidate.manifest();
    if (manifest == null) {
      return false;
    }
    for (var file : manifest.files()) {
      if (!test.holds(file)) {
        log.warn(
            "checkpoint {} is passed over: its {} is missing or damaged",
            candidate.key(),
            file.path());
        return false;
      }
    }
    return true;
  }

  /** A lease's own manifests, newest first, no further than the one that its successor loaded. */
  private List<Candidate> own(LeaseRecord lease, @Nullable Reference upTo) throws IOException {
    var bound = upTo == null ? Long.MAX_VALUE : LedgerKeys.place(store.key(upTo.uri())).step();
    var keysOfLease =
        store.list(keys.checkpoints(lease.number())).stream()
            .map(StoredObject::key)
            .filter(LedgerKeys::isCheckpoint)
            .filter(key -> LedgerKeys.place(key).step() <= bound)
            .sorted(Comparator.reverseOrder())
            .toList();
    var own = new ArrayList<Candidate>();
    for (var key : keysOfLease) {
      var candidate = candidate(key, lease);
      if (upTo == null || candidate.step() < bound || candidate.sha256().equals(upTo.sha256())) {
        own.add(candidate);
      }
    }
    return own;
  }

  private Candidate candidate(String key, @Nullable LeaseRecord lease) throws IOException {
    var place = LedgerKeys.place(key);
    var body = store.find(key).orElse(new byte[0]);
    var manifest =
        lease == null
            ? null
            : ManifestFormat.read(body).filter(m -> isOf(lease, place, m)).orElse(null);
    if (manifest == null) {
      log.warn("checkpoint {} is passed over: its manifest is torn or of another lineage", key);
    }
    return new Candidate(key, place.lease(), place.step(), Stores.sha256(body), manifest);
  }

  private static boolean isOf(LeaseRecord lease, LedgerKeys.Place place, Manifest manifest) {
    return manifest.run().equals(lease.run())
        && manifest.lease() == place.lease()
        && manifest.step() == place.step()
        && manifest.input().equals(lease.input())
        && Objects.equals(manifest.parent(), lease.parent());
  }

  private boolean isThere(Manifest.File file) throws IOException {
    return store
        .head(keys.object(file.sha256()))
        .filter(object -> object.bytes() == file.bytes())
        .isPresent();
  }

  private boolean isWhole(Manifest.File file) throws IOException {
    try {
      return isThere(file)
          && store.check(keys.object(file.sha256()), file.sha256()) == ObjectStore.Copied.VERIFIED;
    } catch (ObjectStore.CorruptObject e) {
      return false; // any other failure is the store's, and says nothing about the checkpoint
    }
  }
}
