package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.activities.evaluation.advice.Evidence.CurvePoint;
import io.fettle.activities.evaluation.advice.Finding.LearningCurve;
import io.fettle.activities.evaluation.advice.Finding.MoreRows;
import io.fettle.activities.evaluation.advice.Finding.Point;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurveTest {
  @Test
  void a_power_law_with_a_floor_is_found_again() {
    Curve curve = curve(500, 1_000, 2_000, 4_000).orElseThrow();

    assertThat(curve.falling()).isTrue();
    assertThat(curve.flat()).isFalse();
    assertThat(curve.error(8_000).orElseThrow()).isCloseTo(error(8_000), within(0.01));
  }

  @Test
  void two_points_fit_nothing_and_one_is_no_curve() {
    assertThat(curve(500, 1_000).orElseThrow().error(2_000)).isEmpty();
    assertThat(curve(500)).isEmpty();
  }

  @Test
  void the_gain_of_all_rows_is_the_gain_so_far_carried_on_by_the_law_with_its_interval() {
    LearningCurve told = told(0.40, 0.30);

    assertThat(told.rowsAhead()).isEqualTo(4_000);
    assertThat(told.ahead().estimate()).isCloseTo(0.30 - 0.30 * 0.30 / 0.40, within(0.001));
    assertThat(told.ahead().low()).isBetween(0.03, 0.075);
    assertThat(told.ahead().high()).isBetween(0.075, 0.12);
    assertThat(told.moreRows()).isEqualTo(MoreRows.HELP);
    assertThat(told.said()).startsWith("all 4000 rows would gain +").endsWith("more rows help");
    assertThat(told.points()).extracting(Point::rows).containsExactly(1_000, 2_000);
  }

  @Test
  void a_curve_that_is_flat_says_that_more_rows_do_not_help() {
    assertThat(told(0.30, 0.30).moreRows()).isEqualTo(MoreRows.DO_NOT_HELP);
    assertThat(told(0.30, 0.30).said()).endsWith("more rows do not help");
    assertThat(told(0.0, 0.0).ahead().high()).isZero();
  }

  @Test
  void few_items_cannot_tell() {
    assertThat(told(20, 0.40, 0.30).moreRows()).isEqualTo(MoreRows.UNCLEAR);
  }

  @Test
  void with_the_run_itself_as_a_point_it_looks_at_twice_its_rows() {
    LearningCurve told = curve(1_000, 2_000, 4_000).orElseThrow().told();

    assertThat(told.rowsAhead()).isEqualTo(8_000);
    double law = error(4_000) - error(4_000) * error(4_000) / error(2_000);
    assertThat(told.ahead().estimate()).isCloseTo(law, within(0.002));
    assertThat(told.said()).startsWith("twice the rows, 8000, would gain");
  }

  @Test
  void parts_that_are_nearly_equal_are_one() {
    assertThat(curve(1_000, 1_100)).isEmpty();
    assertThat(curve(1_000, 1_100, 2_000).orElseThrow().told().points())
        .extracting(Point::rows)
        .containsExactly(1_000, 2_000);
  }

  private static LearningCurve told(double quarter, double half) {
    return told(2_000, quarter, half);
  }

  private static LearningCurve told(int items, double quarter, double half) {
    return of(
            items,
            List.of(
                new CurvePoint(1_000, marks(items, quarter)),
                new CurvePoint(2_000, marks(items, half))))
        .orElseThrow()
        .told();
  }

  private static double error(int rows) {
    return 5 * Math.pow(rows, -0.5) + 0.1;
  }

  private static Optional<Curve> curve(int... sizes) {
    return of(
        2_000,
        IntStream.of(sizes)
            .mapToObj(rows -> new CurvePoint(rows, marks(2_000, error(rows))))
            .toList());
  }

  private static Optional<Curve> of(int items, List<CurvePoint> points) {
    Evidence drawn = new Drawn(1).rows(4_000, items).evidence();
    return Curve.of(
        new Facts(
            new Evidence(
                drawn.bar(),
                drawn.readiness(),
                drawn.arms(),
                drawn.probes(),
                points,
                drawn.knowledge(),
                drawn.economics())));
  }

  private static List<Double> marks(int items, double error) {
    return IntStream.range(0, items).mapToObj(item -> item < error * items ? 0.0 : 1.0).toList();
  }
}
