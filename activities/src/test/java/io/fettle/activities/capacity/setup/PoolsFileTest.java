package io.fettle.activities.capacity.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolsFileTest {
  private static final String WHOLE =
      """
      pools:
        aws:
          provider: aws
          region: eu-west-1
          endpoint: http://127.0.0.1:5000
          launch_template: fettle-agent
          zones: {eu-west-1b: subnet-2, eu-west-1a: subnet-1}
          markets: [spot]
          types: {a10g-24gb-x1: [g5.xlarge, g5.2xlarge]}
          prices: {g5.xlarge: {spot: 0.4, on_demand: 1.006}}
          join: 20m
        lab: {provider: static}
      """;

  @TempDir Path folder;

  @Test
  void a_file_that_is_not_there_names_no_pool() throws IOException {
    assertThat(PoolsFile.read(folder.resolve("pools.yaml"))).isEmpty();
  }

  @Test
  void every_word_of_it_is_read() throws IOException {
    var pools = read(WHOLE);

    assertThat(pools).extracting(PoolSettings::name).containsExactly("aws", "lab");
    var aws = pools.getFirst();
    assertThat(aws.texts())
        .containsEntry("region", "eu-west-1")
        .containsEntry("endpoint", "http://127.0.0.1:5000");
    assertThat(aws.zones().keySet())
        .as("in the file's order")
        .containsExactly("eu-west-1b", "eu-west-1a");
    assertThat(aws.markets()).containsExactly(Market.SPOT);
    assertThat(aws.types()).isEqualTo(Map.of("a10g-24gb-x1", List.of("g5.xlarge", "g5.2xlarge")));
    assertThat(aws.prices()).isEqualTo(Map.of("g5.xlarge", new Price(0.4, 1.006)));
    assertThat(aws.join()).isEqualTo(Duration.ofMinutes(20));
  }

  @Test
  void a_host_that_ends_itself_before_it_may_join_is_refused() throws IOException {
    var pools =
        """
        pools:
          aws: {provider: aws, region: r, launch_template: t, zones: [a], join: %1$s}
          gcp: {provider: gcp, project: p, template: t, zones: [a], join: %1$s}
          kube: {provider: ray, namespace: n, image: i, join: 60m}
        """;

    assertThatThrownBy(() -> read(pools.formatted("26m")))
        .hasMessageContaining("pools.aws.join: is 26m; at most 25m, since a machine of aws")
        .hasMessageContaining("pools.gcp.join: is 26m; at most 25m, since a machine of gcp")
        .hasMessageNotContaining("pools.kube.join");
    assertThat(read(pools.formatted("25m"))).hasSize(3);
  }

  @Test
  void reserved_capacity_is_named_or_any_open_one_and_costs_nothing_more() throws IOException {
    var pools =
        read(
            """
            pools:
              any: {provider: aws, region: r, launch_template: t, zones: [a], markets: [reserved], prices: {t: {on_demand: 9}}}
              own: {provider: aws, region: r, launch_template: t, zones: [a], reservations: "cr-1, cr-2", capacity_block: cr-3,
                    prices: {t: {reserved: 4.5}}}
            """);

    assertThat(pools.getFirst().marketPrices().get("t")).containsEntry(Market.RESERVED, 0.0);
    assertThat(pools.getFirst().words("reservations")).isEmpty();
    assertThat(pools.getLast().marketPrices().get("t")).containsEntry(Market.RESERVED, 4.5);
    assertThat(pools.getLast().words("reservations")).containsExactly("cr-1", "cr-2");
    assertThatThrownBy(
            () ->
                read(
                    """
                    pools:
                      aws: {provider: aws, region: r, launch_template: t, zones: [a], reservations: mine, capacity_block: "cr-1,cr-2"}
                      gcp: {provider: gcp, project: p, template: t, zones: [a], markets: [reserved]}
                      kube: {provider: ray, namespace: n, image: i, markets: [spot, reserved]}
                    """))
        .hasMessageContainingAll(
            "pools.aws.reservations: is to be ids of reservations, as cr-1,cr-2",
            "pools.aws.capacity_block: is to be the id of one capacity block",
            "pools.gcp.markets: gcp has spot and on_demand here",
            "pools.kube.markets: ray has spot and on_demand here; take reserved out");
  }

  @Test
  void a_pool_of_ray_is_a_dashboard_alone_or_a_namespace_and_an_image() throws IOException {
    var pools =
        read(
            """
            pools:
              head: {provider: ray, dashboard: "http://head:8265", entrypoint: "exec agent"}
              kube: {provider: ray, namespace: ml, image: i, queue: q, spot_nodes: "a.b/c=d,e=f"}
            """);

    assertThat(pools.getFirst().texts()).containsEntry("dashboard", "http://head:8265");
    assertThat(pools.getLast().texts()).containsEntry("spot_nodes", "a.b/c=d,e=f");
    assertThatThrownBy(
            () ->
                read(
                    """
                    pools:
                      both: {provider: ray, dashboard: "http://head:8265", image: i}
                      none: {provider: ray, queue: q, spot_nodes: everywhere}
                      path: {provider: ray, dashboard: "head:8265", markets: [spot]}
                      port: {provider: ray, dashboard: 8265}
                    """))
        .hasMessageContainingAll(
            "pools.both.image: is no key here; known: dashboard, ",
            "pools.none.image: is missing",
            "pools.none.namespace: is missing",
            "pools.none.spot_nodes: is to be labels of nodes, as key=value",
            "pools.path.dashboard: is to be the address of a Ray head",
            "pools.port.dashboard: is to be the address of a Ray head",
            "pools.path.markets: says nothing of a cluster that is there");
  }

  @Test
  void types_and_prices_of_another_form_are_refused() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    pools:
                      flat: {provider: aws, region: r, launch_template: t, zones: [a], types: [g5.xlarge], prices: {g5.xlarge: 1.01}}
                      one: {provider: gcp, project: p, template: t, zones: [a], types: g2-standard-8, prices: 0.9}
                      none: {provider: ray, namespace: n, image: i, types: , prices: [0.9]}
                    """))
        .hasMessageContainingAll(
            "pools.flat.types: is to be types by shape, as {a10g-24gb-x1: [TYPE]}",
            "pools.flat.prices.g5.xlarge: is to be dollars an hour by market, as {on_demand: 1.01}",
            "pools.one.types: is to be types by shape",
            "pools.one.prices: is to be prices by type, as {TYPE: {on_demand: 1.01}}",
            "pools.none.types: is to be types by shape",
            "pools.none.prices: is to be prices by type");
  }

  @Test
  void a_price_is_of_a_type_that_the_pool_names_and_of_a_ray_pools_shape_too() throws IOException {
    var pools =
        """
        pools:
          aws: {provider: aws, region: r, launch_template: t, zones: [a], types: {a10g-24gb-x1: [g5.xlarge]},
                prices: {%s: {spot: 1}}}
          kube: {provider: ray, namespace: n, image: i, types: {l4-24gb: L4, l4-24gb-x8: L4},
                 prices: {L4: {spot: 1}, l4-24gb-x1: {spot: 1}, %s: {spot: 8}}}
          any: {provider: ray, namespace: n, image: i, prices: {h100-80gb-x8: {spot: 8}}}
          all: {provider: aws, region: r, launch_template: t, zones: [a], prices: {g6.xlarge: {spot: 1}}}
        """;

    assertThat(read(pools.formatted("g5.xlarge", "l4-24gb-x8"))).hasSize(4);
    assertThatThrownBy(() -> read(pools.formatted("g5.xlrage", "l4-24gb-x4")))
        .hasMessageContainingAll(
            "pools.aws.prices.g5.xlrage: is no key here; known: g5.xlarge\n",
            "pools.kube.prices.l4-24gb-x4: is no key here; known: L4, l4-24gb-x1, l4-24gb-x8")
        .hasMessageNotContaining("pools.any")
        .hasMessageNotContaining("pools.all");
    assertThatThrownBy(() -> read(pools.formatted("a10g-24gb-x1", "l4-24gb-x8")))
        .as("a type of EC2 says how many GPUs it has")
        .hasMessageContaining("pools.aws.prices.a10g-24gb-x1: is no key here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1:5000",
        "host",
        "5000",
        "ftp://host",
        "http://",
        "http://a_b:1",
        "'http://a b'",
        "http://a:70000"
      })
  void an_endpoint_is_an_address_with_its_scheme_and_host(String endpoint) throws IOException {
    var pools =
        """
        pools:
          aws: {provider: aws, region: r, launch_template: t, zones: [a], endpoint: %1$s}
          gcp: {provider: gcp, project: p, template: t, zones: [a], endpoint: %1$s}
          kube: {provider: ray, namespace: n, image: i, endpoint: %1$s}
        """;

    assertThatThrownBy(() -> read(pools.formatted(endpoint)))
        .hasMessageContainingAll(
            "pools.aws.endpoint: is to be an address, as https://host:port",
            "pools.gcp.endpoint: is to be an address",
            "pools.kube.endpoint: is to be an address");
    for (var good : List.of("http://127.0.0.1:5000", "https://[::1]:6443", "https://a.b/k8s/c-1")) {
      assertThat(read(pools.formatted('"' + good + '"'))).hasSize(3);
    }
  }

  @Test
  void all_problems_come_at_once_each_with_what_is_allowed() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    pools:
                      local: {provider: static}
                      Big: {provider: azure}
                      aws: {provider: aws, regoin: x, zones: [], markets: [cheap], prices: {t: {spot: -1, night: 2}}, join: soon}
                      lab: {provider: static, zones: [a]}
                    pool: {}
                    """))
        .hasMessageContainingAll(
            "pools.local: a pool's name",
            "pools.Big.provider: is azure; known: aws, gcp, ray, static",
            "pools.aws.regoin: is no key here; known: ",
            "pools.aws.region: is missing",
            "pools.aws.launch_template: is missing",
            "pools.aws.zones: names no zone",
            "pools.aws.markets: cheap is none of",
            "pools.aws.prices.t.spot: is to be dollars an hour",
            "pools.aws.prices.t.night: is no key here",
            "pools.aws.join: is to be minutes",
            "pools.lab.zones: is no key here",
            "pool: is no key here; known: pools");
  }

  @Test
  void what_is_no_yaml_is_told_with_its_line() {
    assertThatThrownBy(() -> read("pools:\n  aws: {provider: [}\n")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> read("pools:\n  a: {provider: static}\n  a: {provider: static}\n"))
        .hasMessageContaining("line 3");
    assertThatThrownBy(() -> read("")).hasMessageContaining("has no map 'pools'");
  }

  @Test
  void garbage_is_refused_or_read_and_never_anything_else() throws IOException {
    var random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      var text = new StringBuilder(WHOLE);
      for (int edits = random.nextInt(6); edits >= 0; edits--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[]:,-'\"\n\t #&*!0ü".charAt(random.nextInt(18)));
          default -> text.setCharAt(at, (char) random.nextInt(300));
        }
      }
      try {
        assertThat(read(text.toString())).isNotNull();
      } catch (PoolsFile.Unreadable refused) {
        assertThat(refused).message().contains("\n  ");
      }
    }
  }

  private List<PoolSettings> read(String text) throws IOException {
    var file = folder.resolve("pools.yaml");
    Files.writeString(file, text);
    return PoolsFile.read(file);
  }
}
