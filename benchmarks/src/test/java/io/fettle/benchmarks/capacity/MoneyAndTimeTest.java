package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.Trace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MoneyAndTimeTest {
  private static final Effort QUICK =
      new Effort(Effort.Level.QUICK, Optional.empty(), Optional.empty());

  @Test
  void the_quick_rows_keep_their_bars() throws Exception {
    var rows = MoneyAndTime.rows(QUICK, _ -> {});
    assertThat(rows)
        .extracting(Row::name)
        .containsExactly("deadline_misses", "cost_ratio_uniform_progress", "budget_overruns");
    assertThat(rows).allSatisfy(row -> assertThat(row.ok()).as(row.line()).contains(true));
  }

  @Test
  void deadlines_and_costs_keep_their_bars_on_other_draws() throws Exception {
    for (long seed : new long[] {2, 3, 4}) {
      var effort =
          new Effort(
              Effort.Level.QUICK, Optional.empty(), Optional.empty(), Optional.empty(), seed);
      assertThat(PolicyRows.rows(effort, _ -> {}))
          .allSatisfy(row -> assertThat(row.ok()).as(row.line()).contains(true));
    }
  }

  @Test
  void on_demand_costs_its_hours_and_a_change() {
    var job = job(List.of(), 7_200);
    var outcome = Simulation.of(job, Rivals::onDemand);
    assertThat(outcome.dollars()).isCloseTo(1 + 600 / 3600.0, within(0.01));
    assertThat(outcome.finished()).isCloseTo(4_200, within(20.0));
    assertThat(Simulation.bound(job)).isEqualTo(1);
  }

  @Test
  void spot_that_goes_takes_the_unsaved_work_with_it() {
    // ten minutes to start and 22 of work, of which 20 are saved; then 48 of nothing
    var job =
        job(
            List.of(
                new SpotMarket.Span(0, 1_920, true),
                new SpotMarket.Span(1_920, 4_800, false),
                new SpotMarket.Span(4_800, 20_000, true)),
            18_000);
    var outcome = Simulation.of(job, Rivals::greedy);
    assertThat(outcome.finished()).isCloseTo(4_800 + 600 + 2_400, within(90.0));
    assertThat(outcome.dollars()).isCloseTo(0.35 * (1_920 + 3_000) / 3600, within(0.01));
  }

  @Test
  void the_shipped_policy_goes_back_to_spot_and_no_policy_beats_the_bound() {
    var job = new Job(SpotMarket.drawn(3, 3_600, 0.5, 200_000), 43_200, 64_800, 600, 300, 0.35, 1);
    var shipped = Simulation.of(job, new Shipped(job));
    assertThat(shipped.finished()).isLessThanOrEqualTo(job.deadline());
    assertThat(shipped.dollars()).isLessThan(Simulation.of(job, Rivals::onDemand).dollars());
    for (var strategy : List.<Strategy>of(Rivals::uniform, Rivals::greedy, new Shipped(job))) {
      assertThat(Simulation.of(job, strategy).dollars())
          .isGreaterThanOrEqualTo(Simulation.bound(job));
    }
  }

  @Test
  void a_recorded_trace_is_followed_from_any_entry_on_and_repeated() {
    var market = SpotMarket.of(new Trace("t", 60, List.of(true, true, false)), 1, 400);
    assertThat(market.isUp(30)).isTrue();
    assertThat(market.isUp(90)).isFalse();
    assertThat(market.isUp(130)).isTrue();
    assertThat(market.isUp(230)).isTrue();
    assertThat(market.isUp(250)).isFalse();
  }

  @Test
  void a_run_that_nobody_watches_costs_more_than_its_cap() throws Exception {
    int over = 0;
    for (long seed = 0; seed < 5; seed++) {
      over += BudgetTrial.run(seed, false).isOver() ? 1 : 0;
    }
    assertThat(over).isPositive();
  }

  private static Job job(List<SpotMarket.Span> spans, double deadline) {
    return new Job(new SpotMarket("by hand", spans), 3_600, deadline, 600, 300, 0.35, 1);
  }
}
