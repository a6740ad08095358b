package io.fettle.activities.capacity;

import io.fettle.activities.capacity.policy.Policy;
import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The policy, with what it has learned kept in the store: a new control worker does not ask again
 * what the last one was refused. Two that write at once may lose a line, which is then learned
 * again.
 */
final class Experience {
  private static final String KEY = "capacity/learned.json";

  private final Policy policy = new Policy(Policy.CHANGEOVER);
  private final Optional<ObjectStore> store;
  private final InstantSource clock;

  private Experience(Optional<ObjectStore> store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  static Experience keptIn(ObjectStore store, InstantSource clock) {
    return new Experience(Optional.of(store), clock);
  }

  static Experience unkept(InstantSource clock) {
    return new Experience(Optional.empty(), clock);
  }

  Instant now() {
    return clock.instant();
  }

  /** As it knows by itself. */
  Policy policy() {
    return policy;
  }

  /** The policy, knowing what any control worker has learned. */
  Policy recalled() throws IOException {
    if (store.isPresent()) {
      var learned = store.get().find(KEY);
      if (learned.isPresent()) {
        policy.recall(learned.get(), now());
      }
    }
    return policy;
  }

  void keep() throws IOException {
    if (store.isPresent()) {
      recalled();
      store.get().put(KEY, policy.learned());
    }
  }
}
