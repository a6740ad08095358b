package io.fettle.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CostsTest {
  @Test
  void a_run_that_waits_is_told_where_the_server_can_be_asked_and_one_that_is_over_is_not() {
    var paying = List.of("holds", "waits", "over");

    assertThat(Costs.going(paying, Set.of("holds"), Optional.of(Set.of("holds", "waits", "free"))))
        .containsExactly("holds", "waits");
    assertThat(Costs.going(paying, Set.of("holds"), Optional.empty())).containsExactly("holds");
  }
}
