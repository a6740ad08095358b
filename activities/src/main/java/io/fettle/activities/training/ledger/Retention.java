package io.fettle.activities.training.ledger;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.training.ledger.Chain.Candidate;
import io.fettle.activities.training.ledger.Ledger.Keep;
import io.fettle.activities.training.ledger.Ledger.Swept;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what a run no longer needs of its checkpoints. Only the holder of the newest lease does,
 * and asks again before each deletion whether it still is; an opener announces itself first, so
 * nothing goes while it chooses.
 *
 * <p>A manifest goes before its blobs, so a pass that is cut off leaves blobs that nothing names,
 * which the next pass finds. Nothing goes unless a newer checkpoint has been read back whole. One
 * instance a lease; not for several threads.
 */
final class Retention {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final ObjectStore store;
  private final LedgerKeys keys;
  private final LeaseLog leases;
  private final Chain chain;
  private final Map<String, Set<String>> blobsOfManifest = new HashMap<>();
  private @Nullable String readBack;
  private boolean sweptBefore;

  Retention(ObjectStore store, LedgerKeys keys, LeaseLog leases, Chain chain) {
    this.store = store;
    this.keys = keys;
    this.leases = leases;
    this.chain = chain;
  }

  /** Reads the newest good checkpoint back, if anything may have to go. */
  void prove(LeaseRecord mine, Keep keep) throws IOException {
    readBack = null;
    var candidates = chain.candidates(mine.input());
    if (candidates.size() > keep.last()) {
      readBack = Choice.newest(candidates, chain::isIntact).map(Candidate::key).orElse(null);
    }
  }

  /** After {@link #prove}. Nobody may publish for this lease meanwhile. */
  Swept sweep(LeaseRecord mine, Keep keep, BooleanSupplier goesOn) throws IOException {
    var pass = new Pass(mine, goesOn);
    if (!pass.mayDelete()) {
      return pass.swept();
    }
    var candidates = chain.candidates(mine.input());
    var kept = kept(candidates, keep);
    for (var candidate : candidates.reversed()) {
      if (!kept.contains(candidate.key()) && !pass.deleteManifest(candidate.key())) {
        return pass.swept();
      }
    }
    if (pass.manifests > 0 || !sweptBefore) {
      sweepBlobs(pass);
    }
    return pass.swept();
  }

  // --- What stays

  private Set<String> kept(List<Candidate> newestFirst, Keep keep) throws IOException {
    var kept = new HashSet<String>();
    newestOnes(newestFirst, keep.last()).forEach(candidate -> kept.add(candidate.key()));
    Choice.best(newestFirst, chain::isComplete).ifPresent(best -> kept.add(best.key()));
    if (keep.every() > 0) {
      milestones(newestFirst, keep.every()).forEach(candidate -> kept.add(candidate.key()));
    }
    for (var lease : leases.all()) {
      if (lease.resumeFrom() != null) {
        kept.add(store.key(lease.resumeFrom().uri()));
      }
    }
    return kept;
  }

  /**
   * Down to the last whole one that counts, the broken ones among them included. The count begins
   * at the one that was read back; where that is gone, all stay.
   */
  private List<Candidate> newestOnes(List<Candidate> newestFirst, int last) throws IOException {
    var counted = 0;
    for (int i = 0; i < newestFirst.size(); i++) {
      var candidate = newestFirst.get(i);
      var counts = counted > 0 || candidate.key().equals(readBack);
      if (counts && chain.isComplete(candidate) && ++counted == last) {
        return newestFirst.subList(0, i + 1);
      }
    }
    return newestFirst;
  }

  /** The first whole one at or past each multiple of so many steps. */
  private List<Candidate> milestones(List<Candidate> newestFirst, int every) throws IOException {
    var milestones = new ArrayList<Candidate>();
    long passed = 0;
    for (var candidate : newestFirst.reversed()) {
      var multiple = candidate.step() / every;
      if (multiple > passed && chain.isComplete(candidate)) {
        milestones.add(candidate);
        passed = multiple;
      }
    }
    return milestones;
  }

  // --- Blobs

  private void sweepBlobs(Pass pass) throws IOException {
    var named = new HashSet<String>();
    var manifests = list(keys.checkpoints());
    blobsOfManifest.keySet().retainAll(manifests);
    for (var key : manifests) {
      named.addAll(blobsOf(key));
    }
    for (var object : store.list(keys.objects() + "/")) {
      var name = object.key().substring(object.key().lastIndexOf('/') + 1);
      if (!named.contains(name) && !pass.deleteBlob(object)) {
        return;
      }
    }
    sweptBefore = true;
  }

  /** Every hash in it, so that a manifest which this version cannot read keeps its blobs too. */
  private Set<String> blobsOf(String manifest) throws IOException {
    var known = blobsOfManifest.get(manifest);
    if (known != null) {
      return known;
    }
    var body = new String(store.find(manifest).orElse(new byte[0]), StandardCharsets.UTF_8);
    var blobs =
        SHA256.matcher(body).results().map(match -> match.group()).collect(Collectors.toSet());
    blobsOfManifest.put(manifest, blobs);
    return blobs;
  }

  private Collection<String> list(String prefix) throws IOException {
    var listed = new LinkedHashSet<String>();
    for (var object : store.list(prefix)) {
      listed.add(object.key());
    }
    return listed;
  }

  /** One pass: asks before each deletion and counts. */
  private final class Pass {
    private final LeaseRecord mine;
    private final BooleanSupplier goesOn;
    private int manifests;
    private int blobs;
    private long bytes;

    Pass(LeaseRecord mine, BooleanSupplier goesOn) {
      this.mine = mine;
      this.goesOn = goesOn;
    }

    boolean mayDelete() throws IOException {
      return goesOn.getAsBoolean() && leases.isUndisputed(mine.number());
    }

    boolean deleteManifest(String key) throws IOException {
      if (!mayDelete()) {
        return false;
      }
      store.delete(key);
      manifests++;
      return true;
    }

    boolean deleteBlob(StoredObject object) throws IOException {
      if (!mayDelete()) {
        return false;
      }
      store.delete(object.key());
      blobs++;
      bytes += object.bytes();
      return true;
    }

    Swept swept() {
      return new Swept(manifests, blobs, bytes);
    }
  }
}
