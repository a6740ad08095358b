package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.capacity.setup.PoolsFile;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.plan.Planner;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pools of this control plane: the local one, and the operator's. */
record Pools(List<Pool> all, List<PoolSettings> named, Catalogue catalogue) {
  private static final Logger LOG = LoggerFactory.getLogger(Pools.class);

  Pools {
    all = List.copyOf(all);
    named = List.copyOf(named);
  }

  /**
   * A file that cannot be read ends the start, unless hosts are open that only this worker gives
   * back: then it starts with no pool of the file, and those hosts are kept for their runs.
   */
  static Pools of(FettleSettings fettle, ControlSettings control, ObjectStore store)
      throws IOException {
    var catalogue = Catalogue.with(fettle.machinesFile());
    var file = fettle.poolsFile();
    try {
      var named = Capacity.settings(file, catalogue);
      return of(fettle, control, store, catalogue, named, "it is not in " + file);
    } catch (PoolsFile.Unreadable unreadable) {
      if (!Capacity.isOpen(store, fettle.temporal().namespace())) {
        throw unreadable;
      }
      LOG.error(
          "hosts are open, so this worker starts without its pools: {}", unreadable.getMessage());
      return of(fettle, control, store, catalogue, List.of(), file + " cannot be read");
    }
  }

  private static Pools of(
      FettleSettings fettle,
      ControlSettings control,
      ObjectStore store,
      Catalogue catalogue,
      List<PoolSettings> named,
      String why)
      throws IOException {
    unproven(fettle.temporal(), named).forEach(line -> LOG.warn("{}", line));
    var pools = new ArrayList<Pool>();
    pools.add(Capacity.local(fettle.state(), control.localHosts()));
    pools.addAll(
        Capacity.pools(
            named,
            fettle.temporal().namespace(),
            store,
            agents(fettle),
            why
                + "; correct that and start the control worker again, or let its runs ask others: fettle amend RUN --pool NAME"));
    return new Pools(pools, named, catalogue);
  }

  /**
   * Why the agents of RayJobs will not reach the server, a line each: they get this worker's
   * address and its secret's keys, and no file.
   */
  static List<String> unproven(FettleSettings.Temporal temporal, List<PoolSettings> named) {
    var lines = new ArrayList<String>();
    for (var pool : named) {
      if (!pool.provider().equals("ray") || pool.texts().containsKey("dashboard")) {
        continue;
      }
      boolean hasCertificate = temporal.tlsCert() != null && temporal.apiKey() == null;
      if (hasCertificate || (temporal.apiKey() != null && !pool.texts().containsKey("secret"))) {
        lines.add(
            "pool %s: no client certificate and no key of this worker's reaches a RayJob; write secret: NAME for a Kubernetes secret that has FETTLE_TEMPORAL_API_KEY, and let the server take API keys"
                .formatted(pool.name()));
      }
      if (temporal.tlsCa() != null) {
        lines.add(
            "pool %s: FETTLE_TEMPORAL_TLS_CA is a file of this worker's that no RayJob has; bring one in the pool's image, and name it by that key in the pool's secret"
                .formatted(pool.name()));
      }
    }
    return lines;
  }

  /** What specs may name. */
  SpecPolicy policy(FettleSettings fettle) {
    return SpecPolicy.current()
        .withPools(named.stream().map(PoolSettings::name).toList(), fettle.poolsFile().toString());
  }

  /** What plans choose among. */
  Planner.Pools planned(ObjectStore store) {
    return Capacity.planned(named, catalogue, Optional.of(store));
  }

  /** What a launched agent has to know; what is secret it gets another way. */
  private static Map<String, String> agents(FettleSettings fettle) {
    var environment = new TreeMap<String, String>();
    environment.put("FETTLE_STORE", fettle.storeRoot().toString());
    if (fettle.storeEndpoint() != null) {
      environment.put("FETTLE_STORE_ENDPOINT", fettle.storeEndpoint().toString());
    }
    environment.put("FETTLE_TEMPORAL_ADDRESS", fettle.temporal().address());
    environment.put("FETTLE_TEMPORAL_NAMESPACE", fettle.temporal().namespace());
    environment.put("FETTLE_TEMPORAL_TLS", String.valueOf(fettle.temporal().tls()));
    return environment;
  }
}
