package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.benchmarks.capacity.HaltTrial.Fate;
import io.fettle.benchmarks.capacity.HaltTrial.Plan;
import io.fettle.benchmarks.capacity.PoolChild.Death;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HaltRowsTest {
  @Test
  void every_point_is_killed_once_and_halted_under_every_fate() {
    var plans = HaltRows.plans(1_000, 1);

    assertThat(plans).hasSize(1_000 + Crash.POINTS);
    assertThat(plans)
        .filteredOn(plan -> plan.death() == Death.KILL)
        .extracting(Plan::point)
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(
            plans.stream()
                .filter(plan -> plan.death() == Death.HALT)
                .collect(
                    Collectors.groupingBy(
                        Plan::point, Collectors.mapping(Plan::fate, Collectors.toSet())))
                .values())
        .hasSize(Crash.POINTS)
        .allMatch(fates -> fates.size() == Fate.values().length);
  }
}
