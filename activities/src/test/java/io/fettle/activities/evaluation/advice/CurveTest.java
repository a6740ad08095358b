package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.activities.evaluation.advice.Evidence.CurvePoint;
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

  private static double error(int rows) {
    return 5 * Math.pow(rows, -0.5) + 0.1;
  }

  private static Optional<Curve> curve(int... sizes) {
    Evidence drawn = new Drawn(1).rows(4_000, 2_000).evidence();
    List<CurvePoint> points =
        IntStream.of(sizes).mapToObj(rows -> new CurvePoint(rows, marks(error(rows)))).toList();
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

  private static List<Double> marks(double error) {
    return IntStream.range(0, 2_000).mapToObj(item -> item < error * 2_000 ? 0.0 : 1.0).toList();
  }
}
