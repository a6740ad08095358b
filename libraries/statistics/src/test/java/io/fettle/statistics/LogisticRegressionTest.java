package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  /** Of x = 1 and x = -1 the first has the class 0: its weight w solves λw = 1 / (1 + e^2w). */
  @Test
  void two_points_are_separated_as_far_as_the_penalty_lets_them() {
    LogisticRegression model =
        LogisticRegression.zero(1, 2).fitted(new float[][] {{1}, {-1}}, new int[] {0, 1}, 0.1, 200);

    double w = model.weight(0, 0);
    assertThat(0.1 * w).isCloseTo(1 / (1 + Math.exp(2 * w)), within(1e-2));
    assertThat(model.weight(0, 1)).isCloseTo(-w, within(1e-2));
    assertThat(model.classOf(new float[] {0.001f})).isZero();
    assertThat(model.classOf(new float[] {-0.001f})).isOne();
  }

  @Test
  void three_clouds_are_told_apart_and_equal_rows_give_equal_models() {
    Random random = new Random(7);
    float[][] centres = {{3, 0}, {-3, 0}, {0, 4}};
    float[][] rows = new float[600][];
    int[] truth = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      truth[i] = i % 3;
      rows[i] =
          new float[] {
            centres[truth[i]][0] + (float) random.nextGaussian(),
            centres[truth[i]][1] + (float) random.nextGaussian()
          };
    }

    LogisticRegression model = LogisticRegression.zero(2, 3).fitted(rows, truth, 1e-3, 200);
    LogisticRegression warm = model.fitted(rows, truth, 1e-3, 200);

    int right = 0;
    for (int i = 0; i < rows.length; i++) {
      right += model.classOf(rows[i]) == truth[i] ? 1 : 0;
    }
    assertThat(right).isGreaterThan(580);
    assertThat(LogisticRegression.zero(2, 3).fitted(rows, truth, 1e-3, 200).classes(rows))
        .containsExactly(model.classes(rows));
    assertThat(warm.classes(rows)).containsExactly(model.classes(rows));
  }

  @Test
  void rows_without_a_class_are_refused() {
    LogisticRegression model = LogisticRegression.zero(1, 2);

    assertThatThrownBy(() -> model.fitted(new float[][] {{1}}, new int[] {2}, 1, 9))
        .hasMessageContaining("from 0 to 1");
    assertThatThrownBy(() -> model.fitted(new float[0][], new int[0], 1, 9))
        .hasMessageContaining("0 rows");
  }

  /** Rosenbrock's valley: curved, and flat along its floor. */
  @Test
  void the_minimum_of_a_curved_valley_is_found() {
    double[] found =
        Lbfgs.minimum(
            new double[] {-1.2, 1},
            (at, gradient) -> {
              double a = 1 - at[0];
              double b = at[1] - at[0] * at[0];
              gradient[0] = -2 * a - 400 * at[0] * b;
              gradient[1] = 200 * b;
              return a * a + 100 * b * b;
            },
            500);

    assertThat(found[0]).isCloseTo(1, within(1e-3));
    assertThat(found[1]).isCloseTo(1, within(1e-3));
  }
}
