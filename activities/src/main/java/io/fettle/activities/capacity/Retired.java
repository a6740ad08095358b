package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.elastic.Booked;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pools that are not in the operator's file any more, and still have hosts: taken out, renamed,
 * or the file cannot be read. They give no host, and take back those that they gave, with the
 * settings that they had; where those were not kept, by the book alone. Safe for concurrent use.
 */
final class Retired implements Pool {
  private static final Logger log = LoggerFactory.getLogger(Retired.class);
  private static final String KEPT = "capacity/pools/";

  private final Set<String> known;
  private final String why;
  private final String namespace;
  private final ObjectStore store;
  private final Maker maker;
  private final Map<String, Pool> made = new TreeMap<>(); // guarded by this
  private final Map<String, String> told = new TreeMap<>(); // by pool, guarded by this

  /** Makes the pool of an operator's settings. */
  interface Maker {
    Pool pool(PoolSettings settings) throws IOException;
  }

  /**
   * @param known names of the pools that there are
   * @param why another name is none of them, and what to do, for people
   * @param namespace of the runs whose hosts are ours
   */
  Retired(Set<String> known, String why, String namespace, ObjectStore store, Maker maker) {
    this.known = Set.copyOf(known);
    this.why = why;
    this.namespace = namespace;
    this.store = store;
    this.maker = maker;
  }

  /** Keeps a pool's settings, of which none is secret, for when it is in the file no more. */
  static void keep(ObjectStore store, PoolSettings settings) throws IOException {
    var bytes = Wire.mapper().writeValueAsBytes(settings);
    var kept = store.find(key(settings.name()));
    if (kept.isEmpty() || !Arrays.equals(kept.get(), bytes)) {
      store.put(key(settings.name()), bytes);
    }
  }

  private static String key(String pool) {
    return KEPT + pool + ".json";
  }

  @Override
  public String name() {
    return "those taken out";
  }

  /** Any that is not known, whether or not it ever was. */
  @Override
  public Optional<Pool> named(String name) {
    return known.contains(name) ? Optional.empty() : Optional.of(new One(name));
  }

  private synchronized Pool made(String name) throws IOException {
    var pool = made.get(name);
    if (pool == null) {
      var kept = store.find(key(name));
      pool =
          kept.isPresent()
              ? maker.pool(Wire.mapper().readValue(kept.get(), PoolSettings.class))
              : Booked.unreachable(store, name);
      made.put(name, pool);
    }
    return pool;
  }

  private Map<String, List<String>> open() throws IOException {
    return Booked.open(store, namespace, known);
  }

  @Override
  public List<Offer> offers(String shape) {
    return List.of();
  }

  @Override
  public Acquisition acquire(AcquireRequest request, Execution by) throws IOException {
    return new One(request.offer().pool()).acquire(request, by);
  }

  @Override
  public HostDescription describe(DescribeRequest request) throws IOException {
    return made(request.pool()).describe(request);
  }

  /** By the book first, which takes no provider: the host reads it, and the sweep goes on. */
  @Override
  public void release(ReleaseRequest request) throws IOException {
    Booked.unreachable(store, request.pool()).release(request);
    try {
      made(request.pool()).release(request);
    } catch (IOException away) {
      log.warn(
          "acquisition {} of run {} is given back, its machine is ended later: {}",
          request.token(),
          request.run(),
          away.getMessage());
    }
  }

  @Override
  public List<String> sweep(Runs runs, Instant now) throws IOException {
    var done = new ArrayList<String>();
    var failures = new ArrayList<IOException>();
    for (var open : open().entrySet()) {
      tell(open.getKey(), open.getValue());
      try {
        done.addAll(made(open.getKey()).sweep(runs, now));
      } catch (IOException e) { // one that does not answer keeps no other
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    return done;
  }

  /** Again only where it is about others. */
  private void tell(String pool, List<String> acquisitions) throws IOException {
    var line = sentence(pool) + "; open: " + String.join(", ", acquisitions) + "; " + fate(pool);
    synchronized (this) {
      if (line.equals(told.put(pool, line))) {
        return;
      }
    }
    log.warn("{}", line);
  }

  private String fate(String pool) throws IOException {
    return store.find(key(pool)).isPresent()
        ? "they are kept for their runs and given back with the settings that it had"
        : "they are renewed while their runs go on and end themselves after; whether they did, only the pool's provider can tell";
  }

  private String sentence(String pool) {
    return "pool %s gives no host: %s".formatted(pool, why);
  }

  /** One of them, by its name. */
  private final class One implements Pool {
    private final String name;

    One(String name) {
      this.name = name;
    }

    private Refusal refusal() {
      return new Refusal(Refusal.Kind.ENDED, "not in the file", sentence(name), List.of());
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<Offer> offers(String shape) throws IOException {
      throw refusal();
    }

    /** An earlier try may have launched one, where the pool was known. */
    @Override
    public Acquisition acquire(AcquireRequest request, Execution by) throws IOException {
      release(new ReleaseRequest(request.run(), name, "", request.token(), sentence(name), ""));
      throw refusal();
    }

    @Override
    public HostDescription describe(DescribeRequest request) throws IOException {
      return made(name).describe(request);
    }

    @Override
    public void release(ReleaseRequest request) throws IOException {
      Retired.this.release(request);
    }

    @Override
    public Optional<Standing> standing(String token) throws IOException {
      return Booked.unreachable(store, name).standing(token);
    }

    @Override
    public List<String> sweep(Runs runs, Instant now) throws IOException {
      return made(name).sweep(runs, now);
    }
  }
}
