package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workers.settings.FettleSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The pools of this control plane: the local one, and the operator's. */
record Pools(List<Pool> all) {
  Pools {
    all = List.copyOf(all);
  }

  static Pools of(FettleSettings fettle, ControlSettings control, ObjectStore store)
      throws IOException {
    var pools = new ArrayList<Pool>();
    pools.add(Capacity.local(fettle.state(), control.localHosts()));
    var named = Capacity.settings(fettle.poolsFile());
    if (!named.isEmpty()) {
      var owner = Capacity.owner(store, fettle.temporal().namespace());
      for (var settings : named) {
        pools.add(Capacity.pool(settings, owner, store));
      }
    }
    return new Pools(pools);
  }
}
