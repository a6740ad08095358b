package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostsTest {
  @Test
  void runs_that_start_in_the_same_minute_acquire_under_different_tokens() {
    // as a real server names them: the first eight digits are a clock's
    var one = Hosts.token("01a21a9f-03b1-7ee9-8838-a68e89c3bbac", 1);
    var other = Hosts.token("01a21a9f-22f4-779b-887e-73eae58824b6", 1);

    assertThat(one).isNotEqualTo(other);
    assertThat(Hosts.token("01a21a9f-03b1-7ee9-8838-a68e89c3bbac", 2)).isNotEqualTo(one);
  }
}
