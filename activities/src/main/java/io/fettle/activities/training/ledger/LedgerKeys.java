package io.fettle.activities.training.ledger;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Spells every key of one run's ledger once. Numbers are padded, so that a listing is in order. */
record LedgerKeys(String run) {
  private static final Pattern LEASE = Pattern.compile(".*/leases/(\\d{6,})\\.json");
  private static final Pattern CHECKPOINT =
      Pattern.compile(".*/checkpoints/(\\d{6,})/(\\d{10,})\\.json");

  String leases() {
    return "runs/%s/leases/".formatted(run);
  }

  String lease(int number) {
    return "%s%06d.json".formatted(leases(), number);
  }

  String alive(int number) {
    return "%s%06d.alive".formatted(leases(), number);
  }

  /** Somebody chooses what this lease resumes from: nothing may be collected meanwhile. */
  String opening(int number) {
    return "%s%06d.opening".formatted(leases(), number);
  }

  /** Every manifest of the run. */
  String checkpoints() {
    return "runs/%s/checkpoints/".formatted(run);
  }

  String checkpoints(int lease) {
    return "%s%06d/".formatted(checkpoints(), lease);
  }

  String checkpoint(int lease, long step) {
    return "%s%010d.json".formatted(checkpoints(lease), step);
  }

  /** What one lease's trainer said, a line an event. The report reads it by this name. */
  String events(int lease) {
    return "runs/%s/events/%06d.jsonl".formatted(run, lease);
  }

  /** The prefix of this run's blobs; nobody else's. */
  String objects() {
    return "runs/%s/objects".formatted(run);
  }

  String object(String sha256) {
    return "%s/sha256/%s/%s".formatted(objects(), sha256.substring(0, 2), sha256);
  }

  /** The lease that a key of {@link #leases} belongs to; empty for signs of life and strangers. */
  static OptionalInt leaseNumber(String key) {
    var match = LEASE.matcher(key);
    return match.matches() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
  }

  /** Where a manifest stands, by its key alone: it must be known even when the manifest is torn. */
  static Place place(String key) {
    var match = CHECKPOINT.matcher(key);
    if (!match.matches()) {
      throw new IllegalArgumentException(key + " is no key of a published checkpoint");
    }
    return new Place(Integer.parseInt(match.group(1)), Long.parseLong(match.group(2)));
  }

  static boolean isCheckpoint(String key) {
    return CHECKPOINT.matcher(key).matches();
  }

  record Place(int lease, long step) {}
}
