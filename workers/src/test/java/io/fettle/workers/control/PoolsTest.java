package io.fettle.workers.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.store.Stores;
import io.fettle.workers.settings.FettleSettings;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
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

      assertThat(pools).extracting(Pool::name).startsWith("local", "cluster", "kube");
      assertThat(pools.get(1).offers("a10g-24gb-x1").getFirst().market()).isEqualTo(Market.OWNED);
      assertThat(pools.get(2).offers("a10g-24gb-x1").getFirst().market()).isEqualTo(Market.SPOT);
    }
  }

  @Test
  void a_file_that_cannot_be_read_ends_the_start_unless_a_host_is_open() throws IOException {
    var file = home.resolve("pools.yaml");
    Files.writeString(
        file,
        """
        pools:
          lab: {provider: static}
        """);
    try (var store = Stores.open(Files.createDirectory(home.resolve("store")).toUri())) {
      var lab = pool(Pools.of(settings(), control(), store), "lab");
      Files.writeString(file, "pools: {lab: {provider: statik}}");
      assertThatThrownBy(() -> Pools.of(settings(), control(), store))
          .hasMessageContaining("pools.lab.provider: is statik");

      var offer = Offer.owned("lab", "cpu", "");
      lab.acquire(
          new AcquireRequest("run", offer, "t-1", CapacityTerms.NONE),
          new Execution("fettle", "run", "execution"));
      var without = Pools.of(settings(), control(), store);

      assertThat(without.named()).isEmpty();
      assertThatThrownBy(() -> pool(without, "lab").offers("cpu"))
          .hasMessageContaining("pools.yaml cannot be read", "fettle amend RUN --pool");
      pool(without, "lab").release(new ReleaseRequest("run", "lab", "h", "t-1", "done", ""));
      assertThat(store.list("capacity/open/")).as("as its kept settings say").isEmpty();
    }
  }

  @Test
  void agents_of_rayjobs_that_cannot_prove_who_they_are_are_told_at_the_start() throws IOException {
    Files.writeString(
        home.resolve("pools.yaml"),
        """
        pools:
          cluster: {provider: ray, dashboard: "http://127.0.0.1:8265"}
          bare: {provider: ray, namespace: ml, image: agent}
          keyed: {provider: ray, namespace: ml, image: agent, secret: fettle}
        """);
    var named = Capacity.settings(home.resolve("pools.yaml"), Catalogue.shipped());
    var file = Path.of("/tls/x");

    assertThat(Pools.unproven(temporal(null, null, "key"), named))
        .singleElement()
        .asString()
        .startsWith("pool bare: ")
        .contains("FETTLE_TEMPORAL_API_KEY");
    assertThat(Pools.unproven(temporal(file, null, null), named))
        .as("what the secret has is not known; a certificate would not help")
        .hasSize(2);
    assertThat(Pools.unproven(temporal(null, file, null), named))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("FETTLE_TEMPORAL_TLS_CA"));
    assertThat(Pools.unproven(temporal(null, null, null), named)).isEmpty();
  }

  private static FettleSettings.Temporal temporal(
      @Nullable Path certificate, @Nullable Path authority, @Nullable String key) {
    return new FettleSettings.Temporal("a:1", "n", true, certificate, certificate, authority, key);
  }

  private static Pool pool(Pools pools, String name) {
    return pools.all().stream()
        .flatMap(pool -> pool.named(name).stream())
        .findFirst()
        .orElseThrow();
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
