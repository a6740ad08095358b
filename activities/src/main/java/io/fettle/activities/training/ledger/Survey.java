package io.fettle.activities.training.ledger;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.training.ledger.Chain.Candidate;
import io.fettle.activities.training.ledger.Ledger.Entry;
import io.fettle.activities.training.ledger.Ledger.Standing;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every manifest of a run and where it stands, by the reader's own choice. */
final class Survey {
  private final ObjectStore store;
  private final LedgerKeys keys;
  private final LeaseLog leases;
  private final Chain chain;
  private final Choice.Look look;
  private final Map<String, Boolean> passed = new HashMap<>();

  /**
   * A survey.
   *
   * @param look how closely each checkpoint is looked at; asked once a checkpoint
   */
  Survey(ObjectStore store, LedgerKeys keys, LeaseLog leases, Chain chain, Choice.Look look) {
    this.store = store;
    this.keys = keys;
    this.leases = leases;
    this.chain = chain;
    this.look = look;
  }

  List<Entry> entries() throws IOException {
    var newest = leases.newest();
    if (newest.isEmpty()) {
      return List.of();
    }
    var input = newest.get().input();
    var onChain = chain.candidates(input);
    var resumePoint = Choice.newest(onChain, this::passes).map(Candidate::key);
    var best = Choice.best(onChain, this::passes).map(Candidate::key);
    var chainKeys = onChain.stream().map(Candidate::key).toList();
    var times = times();
    var loaders = loaders();
    var inputs = new HashMap<Integer, String>();
    leases.all().forEach(lease -> inputs.put(lease.number(), lease.input()));
    var entries = new ArrayList<Entry>();
    for (var candidate : chain.all()) {
      var key = candidate.key();
      var standing =
          resumePoint.equals(Optional.of(key))
              ? Standing.RESUME_POINT
              : standing(
                  candidate, chainKeys.contains(key), input.equals(inputs.get(candidate.lease())));
      entries.add(
          new Entry(
              candidate.lease(),
              candidate.step(),
              times.getOrDefault(key, Instant.EPOCH),
              Optional.ofNullable(candidate.manifest()),
              standing,
              best.equals(Optional.of(key)),
              passes(candidate),
              loaders.getOrDefault(key, List.of())));
    }
    return entries;
  }

  private Standing standing(Candidate candidate, boolean onChain, boolean ofInput)
      throws IOException {
    if (!ofInput) {
      return Standing.ANOTHER_INPUT;
    }
    if (candidate.manifest() == null) {
      return Standing.BROKEN_MANIFEST;
    }
    if (!onChain) {
      return Standing.STALE_LEASE;
    }
    return passes(candidate) ? Standing.SUPERSEDED : Standing.BROKEN_OBJECT;
  }

  private boolean passes(Candidate candidate) throws IOException {
    var known = passed.get(candidate.key());
    if (known != null) {
      return known;
    }
    var passes = look.passes(candidate);
    passed.put(candidate.key(), passes);
    return passes;
  }

  private Map<String, Instant> times() throws IOException {
    var times = new HashMap<String, Instant>();
    for (StoredObject object : store.list(keys.checkpoints())) {
      times.put(object.key(), object.modified());
    }
    return times;
  }

  private Map<String, List<Integer>> loaders() throws IOException {
    var loaders = new HashMap<String, List<Integer>>();
    for (var lease : leases.all()) {
      if (lease.resumeFrom() != null) {
        loaders
            .computeIfAbsent(store.key(lease.resumeFrom().uri()), _ -> new ArrayList<>())
            .add(lease.number());
      }
    }
    return loaders;
  }
}
