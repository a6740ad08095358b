package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.capacity.HostClaim.Reservations;
import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes the parts of this package, on this machine's clock. */
public final class Booked {
  /** This process's own, of no time of day and never set. */
  public static final InstantSource STEADY = () -> Instant.EPOCH.plusNanos(System.nanoTime());

  private static final InstantSource CLOCK = InstantSource.system();

  private Booked() {}

  /** What a host that was launched for one acquisition can see of it. */
  public interface Tenure {
    /** Changes whenever the control side renews; empty: it has not yet, or it is over. */
    Optional<Integer> renewal() throws IOException;

    /** Whether the acquisition was given back: the host has nothing left to do. */
    boolean isOver() throws IOException;
  }

  /** A machine that one has, among those that may be asked. */
  public interface Registration {
    /** Says that it is there. Safe to repeat. */
    void register() throws IOException;

    /** Says that it is not, until it registers again. */
    void leave() throws IOException;
  }

  public static Registration registration(ObjectStore store, Identity identity) {
    return new StaticClaims(store, identity, CLOCK);
  }

  /** The mark of all that share the store and the namespace; made with the first call. */
  public static String owner(ObjectStore store, String namespace) throws IOException {
    return Owner.of(store, namespace);
  }

  /** A pool of machines that one has, whose agents register. */
  public static Pool registered(String name, String owner, ObjectStore store) {
    return new StaticPool(name, owner, store, CLOCK);
  }

  /**
   * Acquisitions of a namespace's runs that are open in other pools, by pool, each as {@code TOKEN
   * of run RUN}. Those of other namespaces on the same store are somebody else's.
   */
  public static Map<String, List<String>> open(
      ObjectStore store, String namespace, Set<String> except) throws IOException {
    var open = new TreeMap<String, List<String>>();
    var pools = new TreeSet<>(Book.pools(store));
    pools.removeAll(except);
    for (var pool : pools) {
      var book = new Book(store, pool);
      var lines = new ArrayList<String>();
      for (var token : book.open()) {
        book.intent(token)
            .filter(intent -> intent.by().namespace().equals(namespace))
            .ifPresent(intent -> lines.add(token + " of run " + intent.by().run()));
      }
      if (!lines.isEmpty()) {
        open.put(pool, lines);
      }
    }
    return open;
  }

  /** A pool of which only the book is known: nothing can be launched, and nothing be seen. */
  public static Pool unreachable(ObjectStore store, String pool) {
    return new BookOnly(pool, store, CLOCK, STEADY);
  }

  /** Shapes of the machines that say they are hosts of that pool. */
  public static Set<String> shapes(ObjectStore store, String pool) throws IOException {
    return StaticPool.shapes(store, pool);
  }

  /**
   * The side of a host that was launched for one acquisition.
   *
   * @param token of that acquisition; it takes no other
   */
  public static Reservations launched(ObjectStore store, Identity identity, String token) {
    return new ElasticClaims(store, identity, token, CLOCK);
  }

  public static Tenure tenure(ObjectStore store, Identity identity, String token) {
    return new ElasticClaims(store, identity, token, CLOCK);
  }

  /** The side of a machine that one has. */
  public static Reservations registered(ObjectStore store, Identity identity) {
    return new StaticClaims(store, identity, CLOCK);
  }
}
