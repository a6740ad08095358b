package io.fettle.activities.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Finds out whether a store keeps the two promises on which leases, claims and aliases rest: of
 * racing writers one wins, and a list sees what was just written. Some servers that speak S3 let
 * two writers win once in ten rounds.
 */
final class Probe {
  private static final int WRITERS = 8;
  private static final int ROUNDS = 10;

  private final ObjectStore store;
  private final String prefix = "probes/" + UUID.randomUUID() + "/";

  private Probe(ObjectStore store) {
    this.store = store;
  }

  static void run(ObjectStore store) throws IOException, InterruptedException {
    var probe = new Probe(store);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        probe.race(round);
      }
    } finally {
      probe.clear();
    }
  }

  private void race(int round) throws IOException, InterruptedException {
    String key = prefix + round;
    List<Integer> winners = winners(key);
    if (winners.size() != 1) {
      throw refused(
          winners.size()
              + " of "
              + WRITERS
              + " writers that raced on one key were told that they had created it"
              + " (if-none-match); exactly one must");
    }
    byte[] body =
        store
            .find(key)
            .orElseThrow(() -> refused("an object was gone right after it had been created"));
    if (body.length != 1 || body[0] != winners.getFirst()) {
      throw refused("the object holds the bytes of a writer that was told it had lost");
    }
    if (store.list(prefix).stream().noneMatch(found -> found.key().equals(key))) {
      throw refused("a list right after a write does not show the new object");
    }
  }

  private List<Integer> winners(String key) throws IOException, InterruptedException {
    var start = new CyclicBarrier(WRITERS);
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> race = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        byte[] body = {(byte) writer};
        race.add(
            () -> {
              start.await();
              return store.putIfAbsent(key, body);
            });
      }
      List<Future<Boolean>> told = writers.invokeAll(race);
      List<Integer> winners = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        if (told.get(writer).get()) {
          winners.add(writer);
        }
      }
      return winners;
    } catch (ExecutionException e) {
      throw new IOException(
          "store %s: %s".formatted(store.root(), String.valueOf(e.getCause())), e);
    }
  }

  private void clear() throws IOException {
    for (StoredObject object : store.list(prefix)) {
      store.delete(object.key());
    }
  }

  private Stores.Untrusted refused(String reason) {
    return new Stores.Untrusted(
        "store "
            + store.root()
            + " cannot be trusted with leases: "
            + reason
            + "; use another store");
  }
}
