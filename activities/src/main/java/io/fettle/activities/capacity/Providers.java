package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.aws.Ec2Options;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.util.Map;

/** From an operator's words to a pool. */
record Providers(String owner, ObjectStore store, Map<String, String> environment) {
  Pool pool(PoolSettings settings) throws IOException {
    return switch (settings.provider()) {
      case "static" -> Capacity.registered(settings.name(), owner, store);
      case "aws" -> launching(settings, Capacity.ec2(Ec2Options.of(settings, owner)));
      case "gcp" -> launching(settings, Capacity.gcp(settings, owner));
      case "ray" -> launching(settings, Capacity.ray(settings, owner, environment));
      default ->
          throw new IOException(
              "pool %s: provider %s is not in this build"
                  .formatted(settings.name(), settings.provider()));
    };
  }

  private Pool launching(PoolSettings settings, Cloud cloud) {
    return Capacity.elastic(cloud, owner, store, settings.join());
  }
}
