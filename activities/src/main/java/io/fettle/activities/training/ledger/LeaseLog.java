package io.fettle.activities.training.ledger;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.training.ledger.LeaseRecord.Holder;
import io.fettle.activities.training.ledger.LeaseRecord.TakenOver;
import io.fettle.activities.training.ledger.Ledger.Opening;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The numbered lease records and their signs of life. */
final class LeaseLog {
  private static final String ENDED = "ended";

  private final ObjectStore store;
  private final LedgerKeys keys;
  private final Clock clock;

  LeaseLog(ObjectStore store, LedgerKeys keys, Clock clock) {
    this.store = store;
    this.keys = keys;
    this.clock = clock;
  }

  Optional<LeaseRecord> newest() throws IOException {
    var numbers = numbers();
    return numbers.isEmpty() ? Optional.empty() : Optional.of(read(numbers.getLast()));
  }

  List<LeaseRecord> all() throws IOException {
    var all = new ArrayList<LeaseRecord>();
    for (var number : numbers()) {
      all.add(read(number));
    }
    return all;
  }

  /**
   * The lease that this holder opened. A workflow run opens its leases one after the other, so the
   * first older one of the same workflow run ends the search.
   */
  Optional<LeaseRecord> heldBy(Holder holder) throws IOException {
    for (var number : numbers().reversed()) {
      var lease = read(number);
      if (lease.holder().equals(holder)) {
        return Optional.of(lease);
      }
      if (lease.holder().sameWorkflow(holder)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  LeaseRecord read(int number) throws IOException {
    var key = keys.lease(number);
    var body = store.find(key).orElseThrow(() -> new IOException("the ledger has no " + key));
    try {
      return Wire.mapper().readValue(body, LeaseRecord.class);
    } catch (IOException e) {
      throw new IOException(
          key + " is not readable, so no checkpoint of this run can be trusted", e);
    }
  }

  LeaseRecord next(
      String run, Optional<LeaseRecord> newest, Opening opening, Optional<Reference> resumeFrom) {
    return new LeaseRecord(
        LeaseRecord.FORMAT,
        run,
        newest.map(LeaseRecord::number).orElse(0) + 1,
        opening.holder(),
        opening.host(),
        newest.map(LeaseRecord::number).orElse(null),
        resumeFrom.orElse(null),
        opening.input(),
        clock.instant(),
        newest.map(before -> takenOver(before, opening)).orElse(null));
  }

  private @Nullable TakenOver takenOver(LeaseRecord before, Opening opening) {
    var by = opening.takenOverBy();
    var isTheirs =
        !before.holder().namespace().equals(opening.holder().namespace())
            && before.number() == opening.expired();
    return by == null || !isTheirs
        ? null
        : new TakenOver(before.number(), before.holder().namespace(), by.by(), by.reason());
  }

  boolean put(LeaseRecord lease) throws IOException {
    return store.putIfAbsent(keys.lease(lease.number()), Wire.mapper().writeValueAsBytes(lease));
  }

  /** Stops the holder's collector before this lease's opener reads what is there. */
  void announce(int lease) throws IOException {
    store.put(keys.opening(lease), UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Whether this is the newest lease, and nobody is about to open the next one. */
  boolean isUndisputed(int lease) throws IOException {
    var numbers = numbers();
    return !numbers.isEmpty()
        && numbers.getLast() == lease
        && store.head(keys.opening(lease + 1)).isEmpty();
  }

  void renew(int lease) throws IOException {
    store.put(keys.alive(lease), UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
  }

  void end(int lease) throws IOException {
    store.put(keys.alive(lease), ENDED.getBytes(StandardCharsets.UTF_8));
  }

  boolean ended(int lease) throws IOException {
    return signOfLife(lease).equals(ENDED);
  }

  String signOfLife(int lease) throws IOException {
    return store.find(keys.alive(lease)).map(b -> new String(b, StandardCharsets.UTF_8)).orElse("");
  }

  private List<Integer> numbers() throws IOException {
    return store.list(keys.leases()).stream()
        .map(StoredObject::key)
        .map(LedgerKeys::leaseNumber)
        .flatMapToInt(number -> number.stream())
        .sorted()
        .boxed()
        .toList();
  }
}
