package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.aws.Ec2Options;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From an operator's words to a pool. */
record Providers(String owner, ObjectStore store, Map<String, String> environment) {
  Pool pool(PoolSettings settings) throws IOException {
    return switch (settings.provider()) {
      case "static" -> Capacity.registered(settings.name(), owner, store);
      case "aws" -> launching(settings, Capacity.ec2(ec2(settings, owner)));
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

  private static Ec2Options ec2(PoolSettings settings, String owner) {
    var texts = settings.texts();
    return new Ec2Options(
        settings.name(),
        owner,
        texts.getOrDefault("region", ""),
        endpoint(texts),
        texts.getOrDefault("launch_template", ""),
        settings.zones(),
        List.copyOf(settings.markets()),
        settings.types(),
        prices(settings.prices()));
  }

  private static Optional<URI> endpoint(Map<String, String> texts) {
    return Optional.ofNullable(texts.get("endpoint")).map(URI::create);
  }

  private static Map<String, Map<Market, Double>> prices(Map<String, Price> given) {
    var prices = new HashMap<String, Map<Market, Double>>();
    given.forEach(
        (type, price) -> {
          var known = new HashMap<Market, Double>();
          if (price.spot() != Price.UNKNOWN) {
            known.put(Market.SPOT, price.spot());
          }
          if (price.onDemand() != Price.UNKNOWN) {
            known.put(Market.ON_DEMAND, price.onDemand());
          }
          prices.put(type, known);
        });
    return prices;
  }
}
