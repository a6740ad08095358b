package io.fettle.benchmarks.tax;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.tax.Turns.Player;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs({OS.LINUX, OS.MAC})
class TurnsTest {
  @Test
  void one_waits_until_the_other_has_ended_and_then_runs_on() throws Exception {
    var first = new ProcessBuilder("sleep", "1").start();
    var waiting = new ProcessBuilder("sleep", "0.1").start();
    var held = new Player(waiting.pid());

    Turns.take(new Player(first.pid()), held);

    assertThat(waiting.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(held.held()).hasSize(1);
    var turn = held.held().getFirst();
    assertThat(turn.to() - turn.from()).isGreaterThan(0.5);
  }
}
