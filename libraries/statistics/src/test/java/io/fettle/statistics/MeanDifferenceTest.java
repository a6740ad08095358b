package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeanDifferenceTest {
  private static final double[] FIRST = {1, 0, -1, 2, 0.5, 1.5, -0.5, 0, 3};
  private static final double[] SECOND = {0, 0, 0, 0, 0, 0, 0, 0, 0.5};

  @Test
  void clusters_have_the_error_and_interval_of_statsmodels() {
    // OLS on a constant, cov_type="cluster", use_correction, df_correction, use_t
    Clusters clusters = Clusters.named(List.of("a", "a", "b", "b", "b", "c", "c", "d", "d"));

    MeanDifference mean = MeanDifference.of(FIRST, SECOND, clusters);

    assertThat(mean.estimate()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(mean.error()).isCloseTo(0.17371910221568254, within(1e-12));
    assertThat(mean.freedom()).isEqualTo(3);
    assertThat(mean.interval(0.95).low()).isCloseTo(0.11381495166316491, within(1e-12));
    assertThat(mean.interval(0.95).high()).isCloseTo(1.2195183816701682, within(1e-12));
  }

  @Test
  void items_for_themselves_have_those_of_a_paired_t_test() {
    MeanDifference mean = MeanDifference.of(FIRST, SECOND, Clusters.none(9));

    assertThat(mean.error()).isCloseTo(0.3908679799852858, within(1e-12));
    assertThat(mean.interval(0.95).low()).isCloseTo(-0.2346765114983015, within(1e-12));
    assertThat(mean)
        .isEqualTo(MeanDifference.of(FIRST, SECOND, Clusters.of(9, 8, 7, 6, 5, 4, 3, 2, 1)));
  }

  @Test
  void one_cluster_has_no_standard_error() {
    assertThatThrownBy(
            () -> MeanDifference.of(FIRST, SECOND, Clusters.of(1, 1, 1, 1, 1, 1, 1, 1, 1)))
        .hasMessageContaining("at least two");
  }
}
