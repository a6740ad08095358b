package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.aws.Ec2Options;
import io.fettle.activities.capacity.elastic.Booked;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.gcp.GceCloud;
import io.fettle.activities.capacity.gcp.GceOptions;
import io.fettle.activities.capacity.ray.RayOptions;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** From an operator's words to pools. */
record Providers(String namespace, ObjectStore store, Map<String, String> environment) {
  private static final String LOCAL = "local";

  List<Pool> pools(List<PoolSettings> named, String why) throws IOException {
    var pools = new ArrayList<Pool>();
    var known = new TreeSet<String>();
    known.add(LOCAL);
    for (var settings : named) {
      pools.add(pool(settings));
      known.add(settings.name());
      Retired.keep(store, settings);
    }
    pools.add(new Retired(known, why, namespace, store, this::pool));
    return pools;
  }

  private Pool pool(PoolSettings settings) throws IOException {
    var owner = Booked.owner(store, namespace);
    return switch (settings.provider()) {
      case "static" -> Booked.registered(settings.name(), owner, store);
      case "aws" -> launching(settings, owner, Capacity.ec2(Ec2Options.of(settings, owner)));
      case "gcp" -> launching(settings, owner, new GceCloud(GceOptions.of(settings, owner)));
      case "ray" -> launching(settings, owner, RayOptions.of(settings, owner, environment).cloud());
      default ->
          throw new IOException(
              "pool %s: provider %s is not in this build"
                  .formatted(settings.name(), settings.provider()));
    };
  }

  private Pool launching(PoolSettings settings, String owner, Cloud cloud) {
    var patience = new ElasticPool.Patience(settings.join(), ElasticPool.Patience.USUAL.lag());
    var clock = InstantSource.system();
    var caps = Capacity.caps(store, clock);
    return new ElasticPool(
        cloud, owner, store, patience, clock, Booked.STEADY, ElasticPool.Crash.NEVER, caps);
  }
}
