package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClusteredScoreTest {
  @Test
  void equal_clusters_have_their_number_less_one_degrees_of_freedom() {
    int[] sizes = new int[12];
    Arrays.fill(sizes, 7);

    assertThat(ClusteredScore.freedom(sizes)).isCloseTo(11, within(1e-9));
  }

  @Test
  void unequal_clusters_have_those_of_the_quadratic_form_written_out() {
    int[] sizes = {3, 5, 8, 20, 40};

    double independent = satterthwaite(sizes, Arrays.stream(sizes).asDoubleStream().toArray());
    double asOne = satterthwaite(sizes, Arrays.stream(sizes).mapToDouble(m -> m * m).toArray());

    assertThat(ClusteredScore.freedom(sizes))
        .isCloseTo(Math.min(independent, asOne), within(1e-9))
        .isLessThan(4);
  }

  @Test
  void clusters_without_a_difference_tell_nothing() {
    int[] sizes = new int[20];
    Arrays.fill(sizes, 50);
    int[] plus = new int[20];
    plus[3] = 50;

    var score = new ClusteredScore(sizes, plus, new int[20], 0.025);

    assertThat(score.isMute()).isTrue();
    assertThat(score.above(-0.9)).isFalse();
  }

  @Test
  void items_that_are_alike_within_clusters_raise_the_design_effect() {
    var random = new SplittableRandom(1);
    int[] sizes = new int[200];
    int[] alone = new int[200];
    int[] alike = new int[200];
    for (int cluster = 0; cluster < 200; cluster++) {
      sizes[cluster] = 10;
      alike[cluster] = random.nextDouble() < 0.3 ? 10 : 0;
      for (int item = 0; item < 10; item++) {
        alone[cluster] += random.nextDouble() < 0.3 ? 1 : 0;
      }
    }

    assertThat(new ClusteredScore(sizes, alone, new int[200], 0.025).effect())
        .isCloseTo(1, within(0.3));
    assertThat(new ClusteredScore(sizes, alike, new int[200], 0.025).effect())
        .isCloseTo(10, within(0.1));
  }

  /**
   * Of the sum of squared deviations over {@code 1 - size / items}, for clusters whose sums have
   * the given variances: twice the square of its mean over its variance.
   */
  private static double satterthwaite(int[] sizes, double[] variances) {
    int count = sizes.length;
    double items = Arrays.stream(sizes).sum();
    double[][] covariance = new double[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        for (int k = 0; k < count; k++) {
          double own = (i == k ? 1 : 0) - sizes[i] / items;
          double other = (j == k ? 1 : 0) - sizes[j] / items;
          covariance[i][j] += own * other * variances[k];
        }
        covariance[i][j] /= Math.sqrt((1 - sizes[i] / items) * (1 - sizes[j] / items));
      }
    }
    double trace = 0;
    double norm = 0;
    for (int i = 0; i < count; i++) {
      trace += covariance[i][i];
      norm += Arrays.stream(covariance[i]).map(x -> x * x).sum();
    }
    return trace * trace / norm;
  }
}
