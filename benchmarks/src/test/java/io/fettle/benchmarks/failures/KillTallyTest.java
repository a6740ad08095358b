package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.failures.KillTally.Run;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KillTallyTest {
  private static final List<Victim> ALL = List.of(Victim.values());

  @Test
  void a_victim_that_no_lane_found_up_is_told_from_those_that_died() {
    var tally = new KillTally();
    tally.add(run(Map.of(Victim.AGENT, 2, Victim.CONTROL, 1)));
    tally.add(run(Map.of(Victim.SERVER, 1)));
    tally.add(run(Map.of())); // of the hosts: none was up at any step

    assertThat(tally.spared(Victim.PROCESSES)).isZero();
    assertThat(tally.spared(ALL)).isOne();

    tally.add(run(Map.of(Victim.HOST, 1)));
    assertThat(tally.spared(ALL)).isZero();
  }

  private static Run run(Map<Victim, Integer> kills) {
    return new Run("lane", kills, 0, Optional.empty(), 0, List.of(), 0, 0, 0, 0, 0);
  }
}
