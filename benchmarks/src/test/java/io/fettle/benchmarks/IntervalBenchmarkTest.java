package io.fettle.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fettle.benchmarks.TraceRun.Costs;
import io.fettle.benchmarks.TraceRun.Policy;
import io.fettle.cli.CommandFailure;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IntervalBenchmarkTest {
  private static final Path TRACES = Path.of("src/test/resources/traces");
  private static final Costs COSTS = new Costs(10, 20, 30);

  private static Trace trace(Boolean... available) {
    return new Trace("t", 100, List.of(available));
  }

  private static Policy every(double seconds) {
    return (_, _) -> seconds;
  }

  @Test
  void what_was_trained_since_the_last_upload_is_lost_with_the_host() {
    // 30 s to start; 50 s trained, saved at 90 and in the store at 110; 50 s more, saved at 150,
    // in the store at 170; then 50 s of training until the end at 200.
    var result = TraceRun.replay(trace(true, true, false), COSTS, every(50));

    assertThat(result.available()).isEqualTo(200);
    assertThat(result.useful()).isEqualTo(100);
    assertThat(result.lost()).isEqualTo(50);
    assertThat(result.stalled()).isEqualTo(20);
    assertThat(result.checkpoints()).isEqualTo(2);
  }

  @Test
  void an_upload_that_the_end_cuts_off_keeps_nothing() {
    var slow = new Costs(10, 150, 30);

    assertThat(TraceRun.replay(trace(true, true, false), slow, every(50)).useful()).isZero();
  }

  @Test
  void a_trace_that_ends_loses_nothing() {
    var result = TraceRun.replay(trace(true, true), COSTS, every(1_000));

    assertThat(result.useful()).isEqualTo(170);
    assertThat(result.lost()).isZero();
  }

  @Test
  void no_second_is_counted_twice() {
    var random = new Random(4);
    for (int trial = 0; trial < 2_000; trial++) {
      var data = IntStream.range(0, 60).mapToObj(_ -> random.nextInt(4) > 0).toList();
      if (!data.contains(true)) {
        continue;
      }
      var trace = new Trace("t", random.nextDouble(1, 600), data);
      var costs = new Costs(random.nextDouble(20), random.nextDouble(300), random.nextDouble(99));
      var result = TraceRun.replay(trace, costs, every(random.nextDouble(1, 2_000)));
      var restarts =
          trace.stretches().stream()
              .mapToDouble(stretch -> Math.min(costs.restart(), stretch.seconds()))
              .sum();
      assertThat(result.useful() + result.lost() + result.stalled() + restarts)
          .isCloseTo(result.available(), within(1e-6));
      assertThat(result.available())
          .isCloseTo(Collections.frequency(data, true) * trace.gapSeconds(), within(1e-6));
    }
  }

  @Test
  void the_traces_of_the_tests_are_replayed_and_adaptive_beats_a_seldom_checkpoint()
      throws Exception {
    var rows = IntervalBenchmark.rows(Traces.read(TRACES));

    assertThat(rows)
        .extracting(Row::name)
        .contains(
            "goodput_adaptive_percent",
            "lost_adaptive_seconds",
            "goodput_fixed_5m_percent",
            "goodput_fixed_15m_percent",
            "goodput_fixed_60m_percent");
    assertThat(value(rows, "goodput_adaptive_percent"))
        .isGreaterThan(value(rows, "goodput_fixed_15m_percent"))
        .isGreaterThan(value(rows, "goodput_fixed_60m_percent"));
  }

  private static double value(List<Row> rows, String name) {
    return rows.stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .flatMap(Row::value)
        .orElseThrow();
  }

  @Test
  void without_traces_it_says_how_to_name_them_and_bad_ones_are_a_usage_error() throws Exception {
    var none = new Effort(Effort.Level.USUAL, Optional.empty(), Optional.empty());
    assertThat(new IntervalBenchmark().measure(none).getFirst().note()).contains("--traces");

    var missing = Optional.of(Path.of("no-such-folder"));
    var wrong = new Effort(Effort.Level.USUAL, Optional.empty(), missing);
    assertThatThrownBy(() -> new IntervalBenchmark().measure(wrong))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("no-such-folder is not there");
  }
}
