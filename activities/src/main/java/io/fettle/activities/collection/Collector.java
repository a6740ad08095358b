package io.fettle.activities.collection;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Deletes shared blobs, and scores of judges, that nothing refers to: mark, grace, mark, delete.
 * Runs, step records, datasets, aliases and models are read for anything that looks like a hash,
 * and so is what they name; a run's own objects belong to its ledger.
 *
 * <p>The grace is a blob's age on the store's own clock. It protects what a live step has uploaded
 * and not yet recorded, so it must be longer than a step takes; {@link ObjectStore#putBlob} makes a
 * blob that is there already young again.
 */
public final class Collector {
  private static final String CLOCK = "gc/clock";

  private final ObjectStore store;
  private final Duration grace;

  public Collector(ObjectStore store, Duration grace) {
    this.store = store;
    this.grace = grace;
  }

  /** What refers to blobs from outside the store, such as the histories of open workflows. */
  @FunctionalInterface
  public interface Roots {
    /** Hands over every text; the caller looks for hashes. */
    void each(Consumer<byte[]> text) throws IOException;
  }

  /**
   * A blob, or a part of a judge's scores, that nothing refers to.
   *
   * @param kind what it was, for people
   * @param modified when it was put, or put again
   */
  public record Garbage(String key, String sha256, long bytes, String kind, Instant modified) {}

  /** The blobs that nothing refers to and that are older than the grace. Changes nothing. */
  public List<Garbage> mark(Roots outside) throws IOException {
    var unreached = Marking.unreached(store, outside);
    var limit = now().minus(grace);
    unreached.values().removeIf(blob -> blob.modified().isAfter(limit));
    var kinds = Kinds.among(store, unreached.values());
    var garbage = new ArrayList<Garbage>();
    unreached.forEach(
        (key, blob) ->
            garbage.add(
                new Garbage(key, Kinds.hash(key), blob.bytes(), kinds.of(key), blob.modified())));
    return List.copyOf(garbage);
  }

  /**
   * Marks again and deletes what was garbage both times and has not been put again meanwhile. Safe
   * to repeat, and to be cut off anywhere.
   *
   * @return what was deleted
   */
  public List<Garbage> sweep(List<Garbage> marked, Roots outside) throws IOException {
    var unreached = Marking.unreached(store, outside);
    var deleted = new ArrayList<Garbage>();
    for (var each : marked) {
      if (unreached.containsKey(each.key()) && isUntouched(each)) {
        store.delete(each.key());
        deleted.add(each);
      }
    }
    return List.copyOf(deleted);
  }

  private boolean isUntouched(Garbage garbage) throws IOException {
    return store
        .head(garbage.key())
        .filter(blob -> blob.modified().equals(garbage.modified()))
        .isPresent();
  }

  private Instant now() throws IOException {
    store.put(CLOCK, new byte[0]);
    var now = store.head(CLOCK).map(StoredObject::modified);
    store.delete(CLOCK);
    return now.orElseThrow(() -> new IOException(CLOCK + " is gone although it was just put"));
  }
}
