package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.capacity.elastic.ElasticPool.Patience;
import io.fettle.activities.capacity.policy.Policy;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The product's own parts, put together as a control worker does. */
final class Pools {
  static final String NAMESPACE = "team";

  private static final String EXPERIMENT = "experiment";

  private Pools() {}

  /** Runs that share the money for one host, and not for a second beside it. */
  private static CapacityTerms oneHost() {
    var terms = CapacityTerms.NONE;
    var least = Purse.least(terms, Policy.CHANGEOVER);
    var cap = Optional.of(hour(least.plus(Purse.stopping(terms).dividedBy(2))) * Ec2Account.SPOT);
    return new CapacityTerms(
        Market.SPOT,
        terms.preemptions(),
        Optional.empty(),
        cap,
        Optional.of(EXPERIMENT),
        cap,
        Optional.empty(),
        Optional.empty(),
        terms.lease(),
        terms.stop());
  }

  private static double hour(Duration time) {
    return time.toMillis() / (double) Duration.ofHours(1).toMillis();
  }

  static Cloud cloud(String owner, URI endpoint, Map<String, String> zones) {
    return Capacity.ec2(Ec2Account.options(owner, endpoint, zones));
  }

  static ElasticPool pool(
      Cloud cloud, String owner, ObjectStore store, InstantSource clock, Crash crash) {
    var caps = Capacity.caps(store, clock);
    return new ElasticPool(cloud, owner, store, Patience.USUAL, clock, clock, crash, caps);
  }

  /** Makes the run one of those that share a cap, as it is before it first asks. */
  static void share(ObjectStore store, String run) throws IOException {
    Capacity.spending(store).enter(EXPERIMENT, run);
  }

  static ObjectStore store(Path folder) throws IOException {
    return Stores.open(folder.toUri());
  }

  /** One offer over all places of a market. */
  static Offer offer(Cloud cloud, Market market) throws IOException {
    var places =
        cloud.offers(Ec2Account.SHAPE).stream()
            .filter(offer -> offer.market() == market)
            .flatMap(offer -> offer.places().stream())
            .toList();
    return new Offer(cloud.name(), Ec2Account.SHAPE, 1, "all zones", market, places);
  }

  static AcquireRequest request(Cloud cloud, String run, String token) throws IOException {
    return request(run, token, offer(cloud, Market.SPOT));
  }

  /** By a run that shares a cap: see {@link #share}. */
  static AcquireRequest capped(Cloud cloud, String run, String token) throws IOException {
    return new AcquireRequest(run, offer(cloud, Market.SPOT), token, oneHost());
  }

  static AcquireRequest request(String run, String token, Offer offer) {
    return new AcquireRequest(run, offer, token, CapacityTerms.NONE);
  }

  static ReleaseRequest release(String run, String token) {
    return new ReleaseRequest(run, Ec2Account.POOL, "", token, "the run is done", "");
  }

  static Execution by(String run) {
    return new Execution(NAMESPACE, run, "workflow-run-" + run);
  }

  /** The server's word, the same of every run. */
  static Runs all(Runs.State state) {
    return new Runs() {
      @Override
      public String namespace() {
        return NAMESPACE;
      }

      @Override
      public State state(Execution execution) {
        return state;
      }
    };
  }

  /** Of these runs alone; all others are open. */
  static Runs over(List<String> runs) {
    return new Runs() {
      @Override
      public String namespace() {
        return NAMESPACE;
      }

      @Override
      public State state(Execution execution) {
        return runs.contains(execution.run()) ? State.OVER : State.OPEN;
      }
    };
  }
}
