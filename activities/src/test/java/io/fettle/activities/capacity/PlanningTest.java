package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.plan.Planner.Candidate;
import io.fettle.activities.plan.Planner.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanningTest {
  @TempDir Path folder;

  @Test
  void a_pool_without_types_has_the_catalogues_with_its_own_prices_first() throws IOException {
    var pool =
        filled(
            """
            pools:
              aws: {provider: aws, region: eu-west-1, launch_template: t, zones: [eu-west-1a],
                    prices: {g5.xlarge: {spot: 0.4}}}
            """);

    assertThat(pool.types().keySet()).isEqualTo(Catalogue.shipped().shapes("aws"));
    assertThat(pool.types().get("a10g-24gb-x1")).contains("g5.xlarge", "g5.2xlarge");
    assertThat(pool.prices().get("g5.xlarge"))
        .as("the operator's spot price, the catalogue's on-demand price")
        .isEqualTo(new Price(0.4, 1.006));
    assertThat(pool.prices().get("g6.xlarge")).isEqualTo(new Price(Price.UNKNOWN, Price.UNKNOWN));
  }

  @Test
  void types_that_the_operator_names_are_the_only_ones() throws IOException {
    var settings =
        """
        pools:
          aws: {provider: aws, region: eu-west-1, launch_template: t, zones: [eu-west-1a],
                markets: [spot], types: {l4-24gb: g6.2xlarge, cpu-2: m7i.xlarge, cpu: c9.large,
                odd-7gb-x1: z1.large}, prices: {g6.2xlarge: {spot: 0.3, on_demand: 0.9}}}
        """;
    assertThat(filled(settings).types())
        .as("a shape without a number is of one GPU")
        .containsEntry("l4-24gb-x1", List.of("g6.2xlarge"));

    var candidates = planned(settings).getFirst().candidates();
    assertThat(candidates)
        .extracting(each -> each.hardware().shape())
        .as("nobody knows what an odd GPU holds, so none is planned for")
        .containsExactlyInAnyOrder("l4-24gb-x1", "cpu-2", "cpu");
    var l4 = named(candidates, "l4-24gb-x1");
    assertThat(l4.spotDollars()).isEqualTo(0.3);
    assertThat(l4.onDemandDollars()).as("not offered").isEqualTo(Price.UNKNOWN);
    assertThat(l4.peak()).isEqualTo(121);
    assertThat(l4.hardware().memoryBytes()).isEqualTo(Math.round(22.4 * 1024) << 20);
    var two = named(candidates, "cpu-2");
    assertThat(two.hardware().cores()).isEqualTo(2);
    assertThat(two.hardware().memoryBytes()).isEqualTo(16L << 30);
    assertThat(two.assumed()).isFalse();
    assertThat(named(candidates, "cpu").assumed()).as("no row tells of c9.large").isTrue();
  }

  @Test
  void what_is_reserved_is_paid_for() throws IOException {
    var pools =
        planned(
            """
            pools:
              aws: {provider: aws, region: r, launch_template: t, zones: [a], markets: [reserved]}
            """);
    assertThat(pools.getFirst().candidates())
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each.onDemandDollars()).isZero());
  }

  @Test
  void of_machines_of_ones_own_auto_takes_those_whose_agents_registered() throws IOException {
    var settings = Capacity.settings(file("pools: {lab: {provider: static}}"), Catalogue.shipped());
    var pool =
        new Planning(Catalogue.shipped())
            .pools(settings, _ -> Set.of("a100-80gb", "cpu", "tesla-unheard"))
            .getFirst();

    assertThat(pool.candidates())
        .filteredOn(Candidate::there)
        .extracting(each -> each.hardware().shape())
        .containsExactly("a100-80gb", "cpu");
    assertThat(pool.candidates())
        .filteredOn(each -> !each.there())
        .as("may be asked for by name")
        .extracting(each -> each.hardware().shape())
        .contains("h200-141gb-x8", "l4-24gb-x1")
        .doesNotContain("a100-80gb-x1");
    assertThat(pool.candidates()).allSatisfy(each -> assertThat(each.onDemandDollars()).isZero());
  }

  @Test
  void of_a_cluster_whose_gpus_nobody_named_any_shape_may_be_asked_for_by_name()
      throws IOException {
    var settings =
        """
        pools:
          kube: {provider: ray, namespace: ml, image: agent, prices: {a10g-24gb: {on_demand: 1.5}}}
        """;
    assertThat(filled(settings).types()).as("no node is chosen by a shape's name").isEmpty();
    assertThat(filled(settings).prices())
        .as("the pool prices its hosts by shape")
        .containsExactly(Map.entry("a10g-24gb-x1", new Price(Price.UNKNOWN, 1.5)));

    var pool = planned(settings).getFirst();
    assertThat(pool.anyGpu()).isTrue();
    assertThat(pool.launches()).isTrue();
    assertThat(pool.candidates())
        .extracting(each -> each.hardware().shape())
        .containsExactlyElementsOf(Catalogue.shipped().shapes());
    assertThat(pool.candidates()).as("auto promises none of them").noneMatch(Candidate::there);
    assertThat(named(pool.candidates(), "a10g-24gb-x1").onDemandDollars()).isEqualTo(1.5);
    assertThat(named(pool.candidates(), "a100-80gb-x8").onDemandDollars()).isEqualTo(Price.UNKNOWN);

    var named = settings.replaceAll("prices.*", "types: {l4-24gb: L4}}");
    assertThat(planned(named).getFirst())
        .returns(false, Pool::anyGpu)
        .satisfies(
            typed -> assertThat(typed.candidates()).singleElement().matches(Candidate::there));
  }

  @Test
  void a_host_of_eight_gpus_costs_what_its_shape_costs_and_not_what_one_gpu_does()
      throws IOException {
    var settings =
        """
        pools:
          kube: {provider: ray, namespace: ml, image: agent, types: {a100-80gb: T, a100-80gb-x8: T},
                 prices: {T: {spot: 1.2, on_demand: 3.7}, a100-80gb-x8: {on_demand: 29}}}
        """;
    assertThat(filled(settings).prices())
        .containsEntry("T", new Price(1.2, 3.7))
        .containsEntry("a100-80gb-x8", new Price(Price.UNKNOWN, 29));

    var candidates = planned(settings).getFirst().candidates();
    assertThat(named(candidates, "a100-80gb-x1").onDemandDollars()).isEqualTo(3.7);
    assertThat(named(candidates, "a100-80gb-x8"))
        .returns(29.0, Candidate::onDemandDollars)
        .as("of what the shape does not say, the type's price")
        .returns(1.2, Candidate::spotDollars);

    var ofOne = settings.replace("a100-80gb-x8: {on", "a100-80gb: {on");
    assertThat(named(planned(ofOne).getFirst().candidates(), "a100-80gb-x1").onDemandDollars())
        .as("a shape without a number is of one GPU")
        .isEqualTo(29);
  }

  private static Candidate named(List<Candidate> candidates, String shape) {
    return candidates.stream()
        .filter(each -> each.hardware().shape().equals(shape))
        .findFirst()
        .orElseThrow();
  }

  private PoolSettings filled(String text) throws IOException {
    return Capacity.settings(file(text), Catalogue.shipped()).getFirst();
  }

  private List<Pool> planned(String text) throws IOException {
    var settings = Capacity.settings(file(text), Catalogue.shipped());
    return Capacity.planned(settings, Catalogue.shipped(), Optional.empty()).now();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("pools.yaml"), text);
  }
}
