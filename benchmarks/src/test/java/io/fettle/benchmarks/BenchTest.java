package io.fettle.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.cli.ExitCode;
import io.fettle.workflows.wire.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BenchTest {
  private static final Row GOOD = Row.measured("p50_ms", 12.345, "ms", 10).atMost(25);
  private static final Row BAD = Row.measured("recall", 0.91, "", 3).atLeast(0.98);
  private static final Row AWAY = Row.skipped("gpu_ms", "no GPU");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void rows_that_keep_their_bars_are_ok() {
    assertThat(bench(List.of(GOOD), "fake")).isEqualTo(ExitCode.DONE.code());
    assertThat(out.toString()).contains("ok  p50_ms  12.35 ms  <= 25", "fake: ok");
  }

  @Test
  void one_false_row_fails_the_benchmark() {
    assertThat(bench(List.of(GOOD, BAD), "fake")).isEqualTo(ExitCode.FAILED.code());
    assertThat(out.toString()).contains("FAIL", ">= 0.98", "fake: FAILED");
  }

  @Test
  void a_row_that_cannot_run_is_skipped_with_its_reason_and_fails_a_full_run() {
    assertThat(bench(List.of(GOOD, AWAY), "fake", "--quick")).isEqualTo(ExitCode.DONE.code());
    assertThat(out.toString()).contains("SKIPPED", "no GPU");
    assertThat(bench(List.of(GOOD, AWAY), "fake", "--full")).isEqualTo(ExitCode.FAILED.code());
  }

  @Test
  void a_row_whose_control_keeps_the_bar_or_is_missing_shows_nothing() {
    assertThat(GOOD.control(30).shownByControl().ok()).contains(true);
    assertThat(GOOD.control(25).shownByControl().ok()).contains(false);
    assertThat(GOOD.shownByControl().ok()).contains(false);
    assertThat(GOOD.control(25).shownByControl().note()).isEqualTo("the control keeps the bar");
    assertThat(AWAY.shownByControl().ok()).isEmpty();
    assertThat(GOOD.control(30).line()).isEqualTo("p50_ms 12.35 ms, bar <= 25, control 30, n 10");
  }

  @Test
  void a_part_is_run_if_its_rows_may_begin_as_wanted() {
    var some =
        new Effort(
            Effort.Level.USUAL, Optional.empty(), Optional.empty(), Optional.of("s3_notice"), 1);

    assertThat(some.wants("s3_notice_")).isTrue();
    assertThat(some.wants("s3_")).isTrue();
    assertThat(some.wants("s3_kills_")).isFalse();
    assertThat(some.wants("store_")).isFalse();
    assertThat(new Effort(Effort.Level.USUAL, Optional.empty(), Optional.empty()).wants("any"))
        .isTrue();
  }

  @Test
  void a_benchmark_draws_from_the_seed_that_is_named_and_else_from_the_published_one() {
    var told = new ArrayList<Long>();
    Benchmark drawing =
        new Fake(List.of(GOOD)) {
          @Override
          public List<Row> measure(Effort effort, Consumer<Row> known) {
            told.add(effort.seed());
            return super.measure(effort, known);
          }
        };

    for (String[] args : List.of(new String[] {"fake", "--seed", "7"}, new String[] {"fake"})) {
      Bench.commandLine(List.of(drawing)).setOut(new PrintWriter(out, true)).execute(args);
    }

    assertThat(told).containsExactly(7L, 1L);
  }

  @Test
  void a_noisy_machine_says_nothing_about_a_ratio() {
    assertThat(BAD.beside(0.9, new Row.Interval(0.1, 1.9)).tooNoisy().ok()).isEmpty();
  }

  @Test
  void the_last_line_for_machines_is_one_object_with_the_published_keys() throws Exception {
    bench(List.of(GOOD, AWAY), "fake", "--json");
    var json = Wire.mapper().readTree(out.toString());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("bench", "ok", "machine", "rows");
    var row = json.get("rows").get(0);
    assertThat(row.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "name", "value", "unit", "bar", "ok", "trials", "control", "interval", "note");
    assertThat(row.get("bar").asText()).isEqualTo("<= 25");
    assertThat(json.get("rows").get(1).get("ok").isNull()).isTrue();
    assertThat(err.toString()).contains("fake: ok");
  }

  @Test
  void without_a_name_the_benchmarks_are_listed_and_an_unknown_name_is_invalid() {
    assertThat(bench(List.of())).isEqualTo(ExitCode.DONE.code());
    assertThat(out.toString()).contains("fake", "measures nothing");
    assertThat(bench(List.of(), "fast")).isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("there is no benchmark fast; there are: fake");
  }

  @Test
  void the_launcher_answers_without_a_jdk_or_a_build() throws Exception {
    var rows =
        new LauncherBenchmark()
            .measure(new Effort(Effort.Level.USUAL, Optional.empty(), Optional.empty()));
    assertThat(rows).hasSize(3).allMatch(row -> row.ok().orElse(false));
  }

  private int bench(List<Row> rows, String... args) {
    return Bench.commandLine(List.of(new Fake(rows)))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private static class Fake implements Benchmark {
    private final List<Row> rows;

    Fake(List<Row> rows) {
      this.rows = rows;
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String summary() {
      return "measures nothing";
    }

    @Override
    public List<Row> measure(Effort effort, Consumer<Row> known) {
      return rows;
    }
  }
}
