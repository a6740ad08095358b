package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.setup.PoolSettings;
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

/** The pools of this control plane: the local one, and the operator's. */
record Pools(List<Pool> all, List<PoolSettings> named, Catalogue catalogue) {
  Pools {
    all = List.copyOf(all);
    named = List.copyOf(named);
  }

  static Pools of(FettleSettings fettle, ControlSettings control, ObjectStore store)
      throws IOException {
    var pools = new ArrayList<Pool>();
    pools.add(Capacity.local(fettle.state(), control.localHosts()));
    var catalogue = Catalogue.with(fettle.machinesFile());
    var named = Capacity.settings(fettle.poolsFile(), catalogue);
    if (!named.isEmpty()) {
      var owner = Capacity.owner(store, fettle.temporal().namespace());
      for (var settings : named) {
        pools.add(Capacity.pool(settings, owner, store, agents(fettle)));
      }
    }
    return new Pools(pools, named, catalogue);
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
