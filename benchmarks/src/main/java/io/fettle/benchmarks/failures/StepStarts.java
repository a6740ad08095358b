package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.failures.Faults.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a store's journal says of the steps' starts. A step starts with a claim of its own, a train
 * with a lease, and both end with a record. A claim that was taken and found the record beside it
 * counts too, so the number is never too small.
 */
final class StepStarts {
  private static final Pattern RECORD = Pattern.compile("steps/([a-z0-9-]+/[0-9a-f]{64})\\.json");
  private static final Pattern CLAIM =
      Pattern.compile("steps/([a-z0-9-]+/[0-9a-f]{64})(\\.\\d+)?\\.claim");
  private static final Pattern LEASE = Pattern.compile("runs/[^/]+/leases/\\d+\\.json");
  private static final String TRAIN = "train/";

  private final Set<String> recorded = new HashSet<>();
  private final Set<String> claims = new HashSet<>();
  private final List<String> repeated = new ArrayList<>();

  private StepStarts() {}

  /** The steps, {@code kind/hash}, that were recorded. */
  static Set<String> recorded(List<Put> puts) {
    return read(puts).recorded;
  }

  /** The keys by which steps started whose record was in the store. */
  static List<String> repeated(List<Put> puts) {
    return read(puts).repeated;
  }

  /** Processes whose last put was a step's record. */
  static int halts(List<Put> puts) {
    var last = new HashMap<Long, Put>();
    puts.forEach(put -> last.put(put.pid(), put));
    return (int) last.values().stream().filter(put -> RECORD.matcher(put.key()).matches()).count();
  }

  private static StepStarts read(List<Put> puts) {
    var starts = new StepStarts();
    puts.forEach(starts::add);
    return starts;
  }

  private void add(Put put) {
    var record = RECORD.matcher(put.key());
    var claim = CLAIM.matcher(put.key());
    if (record.matches()) {
      recorded.add(record.group(1));
    } else if (claim.matches()) {
      boolean isRenewal = !claims.add(put.pid() + " " + put.key());
      repeatedIf(!isRenewal && recorded.contains(claim.group(1)), put);
    } else if (LEASE.matcher(put.key()).matches()) {
      repeatedIf(recorded.stream().anyMatch(step -> step.startsWith(TRAIN)), put);
    }
  }

  private void repeatedIf(boolean holds, Put put) {
    if (holds) {
      repeated.add(put.key());
    }
  }
}
