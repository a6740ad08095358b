package io.fettle.workers.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.store.Stores;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolsTest {
  @TempDir Path home;

  @Test
  void both_kinds_of_ray_pools_stand_beside_the_local_one() throws IOException {
    Files.writeString(
        home.resolve("pools.yaml"),
        """
        pools:
          cluster: {provider: ray, dashboard: "http://127.0.0.1:8265"}
          kube: {provider: ray, namespace: ml, image: agent, markets: [spot]}
        """);
    try (var store = Stores.open(Files.createDirectory(home.resolve("store")).toUri())) {
      var pools = Pools.of(settings(), control(), store).all();

      assertThat(pools).extracting(Pool::name).containsExactly("local", "cluster", "kube");
      assertThat(pools.get(1).offers("a10g-24gb-x1").getFirst().market()).isEqualTo(Market.OWNED);
      assertThat(pools.get(2).offers("a10g-24gb-x1").getFirst().market()).isEqualTo(Market.SPOT);
    }
  }

  private FettleSettings settings() {
    return new FettleSettings(
        home,
        home,
        null,
        null,
        null,
        null,
        null,
        new FettleSettings.Transfer(8, 8 << 20, 0),
        new FettleSettings.Temporal("127.0.0.1:7233", "fettle", false, null, null, null, null));
  }

  private static ControlSettings control() {
    return new ControlSettings(
        4, 2, 2, 200, true, Duration.ofSeconds(20), null, null, Duration.ofSeconds(8));
  }
}
