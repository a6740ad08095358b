package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.GateLimits;
import io.fettle.workflows.evaluation.Limit;
import io.fettle.workflows.evaluation.Verdict;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final double ALPHA = 0.025;

  @Test
  void a_limit_is_kept_only_where_enough_answers_show_it() {
    assertThat(latency(seconds(200, 0), 2).verdict()).isEqualTo(Verdict.PASS);
    assertThat(latency(seconds(200, 30), 2).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(latency(seconds(200, 8), 2).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(latency(seconds(20, 0), 2).verdict())
        .as("20 answers cannot show what one in 20 does")
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void of_answers_that_are_at_the_limit_no_more_than_alpha_pass() {
    var random = new SplittableRandom(3);
    int passed = 0;
    int trials = 4_000;
    for (int trial = 0; trial < trials; trial++) {
      double[] seconds = random.doubles(300, 0, 1).toArray();
      passed += latency(seconds, 0.95).verdict() == Verdict.PASS ? 1 : 0;
    }
    assertThat(passed / (double) trials).isLessThan(ALPHA + 0.0075);
  }

  @Test
  void an_undecided_limit_needs_more_answers_and_a_decided_one_those_it_has() {
    assertThat(latency(seconds(20, 0), 2).needed()).isEqualTo(72);
    assertThat(latency(seconds(20, 0), 2).items()).isEqualTo(20);
    assertThat(latency(seconds(200, 8), 2).needed()).isGreaterThan(200);
    assertThat(latency(seconds(200, 10), 2).needed())
        .as("one in 20 is slower")
        .isEqualTo(Comparison.UNKNOWN);
    assertThat(latency(seconds(200, 0), 2).needed()).isEqualTo(200);
  }

  @Test
  void bounds_enclose_the_quantile() {
    Limit limit = latency(IntStream.rangeClosed(1, 1_000).mapToDouble(i -> i / 100.0).toArray(), 9);

    assertThat(limit.value()).isEqualTo(9.5);
    assertThat(limit.low()).isBetween(9.3, 9.45);
    assertThat(limit.high()).isBetween(9.55, 9.7);
    assertThat(limit.verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void a_thousand_answers_cost_what_their_host_does_while_it_answers() {
    var limits = new Limits(new GateLimits(null, 0.5, 3.6, null, ""), ALPHA);

    Limit dear = limits.of(seconds(100, 0), 1).getFirst();
    assertThat(dear.value()).isEqualTo(1.0);
    assertThat(dear.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(limits.of(seconds(100, 0), 4).getFirst().verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void what_is_not_asked_is_not_measured() {
    assertThat(new Limits(new GateLimits(null, null, 9, 0.1, "x"), ALPHA).of(seconds(9, 0), 9))
        .isEmpty();
  }

  private static Limit latency(double[] seconds, double most) {
    return new Limits(new GateLimits(most, null, 0, null, ""), ALPHA).of(seconds, 1).getFirst();
  }

  private static double[] seconds(int answers, int slow) {
    double[] seconds = new double[answers];
    Arrays.fill(seconds, 1);
    Arrays.fill(seconds, 0, slow, 3);
    return seconds;
  }
}
