package io.fettle.benchmarks.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fettle.benchmarks.tax.Turns.Held;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArmTest {
  @TempDir private Path folder;
  private Path events;

  @BeforeEach
  void nameTheFile() {
    events = folder.resolve("events.jsonl");
  }

  @Test
  void an_arm_is_timed_from_the_end_of_its_first_step_to_the_end_of_its_last() throws Exception {
    say(
        "{'event': 'started', 'time': 100.0, 'step': 0}",
        "{'event': 'step', 'time': 110.0, 'step': 1, 'loss': 2.5, 'tokens': 70}",
        "{'event': 'alive', 'time': 111.0, 'phase': 'step'}",
        "{'event': 'step', 'time': 111.5, 'step': 2, 'loss': 2.25, 'tokens': 80}",
        "{'event': 'checkpoint', 'time': 111.6, 'step': 2, 'seconds': 0.1}",
        "{'event': 'step', 'time': 113.0, 'step': 3, 'loss': 2.0, 'tokens': 90}",
        "{'event': 'checkpoint', 'step': 3}",
        "{'event': 'finished', 'time': 120.0, 'step': 3}");

    var arm = Arm.read(events, 3, List.of());

    assertThat(arm.seconds()).isCloseTo(3, within(1e-9));
    assertThat(arm.tokens()).isEqualTo(170);
    assertThat(arm.saves()).containsExactly(2, 3);
  }

  @Test
  void the_other_ones_turns_are_no_time_of_its_own() throws Exception {
    say(
        "{'event': 'step', 'time': 110.0, 'step': 1, 'loss': 2.5, 'tokens': 70}",
        "{'event': 'step', 'time': 140.0, 'step': 2, 'loss': 2.25, 'tokens': 80}");
    var held = List.of(new Held(100, 112), new Held(115, 120.5), new Held(139, 150));

    assertThat(Arm.read(events, 2, held).seconds()).isCloseTo(30 - 2 - 5.5 - 1, within(1e-9));
  }

  @Test
  void losses_are_compared_bit_for_bit_and_a_missing_step_is_a_difference() {
    var arm = arm(2.5, 2.25, 2.0);

    assertThat(arm.unequal(arm(2.5, 2.25, 2.0))).isZero();
    assertThat(arm.unequal(arm(2.5, Math.nextUp(2.25), 2.0))).isEqualTo(1);
    assertThat(arm.unequal(arm(2.5, 2.25))).isEqualTo(1);
  }

  @Test
  void a_training_that_lacks_a_step_is_none() throws Exception {
    say(
        "{'event': 'step', 'time': 1.0, 'step': 1, 'loss': 2.5}",
        "{'event': 'step', 'time': 2.0, 'step': 3, 'loss': 2.0}");

    assertThatThrownBy(() -> Arm.read(events, 3, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("where step 2 with a finite loss is expected");
  }

  @Test
  void a_training_that_ended_early_or_lost_its_loss_is_none() throws Exception {
    say("{'event': 'step', 'time': 1.0, 'step': 1, 'loss': 2.5}");
    assertThatThrownBy(() -> Arm.read(events, 2, List.of()))
        .hasMessageContaining("has 1 of 2 steps");

    say("{'event': 'step', 'time': 1.0, 'step': 1, 'loss': 'nan'}");
    assertThatThrownBy(() -> Arm.read(events, 1, List.of())).hasMessageContaining("finite loss");
  }

  private void say(String... lines) throws IOException {
    Files.write(events, List.of(String.join("\n", lines).replace('\'', '"')));
  }

  private static Arm arm(double... losses) {
    var steps = new ArrayList<Arm.Step>();
    for (double loss : losses) {
      steps.add(new Arm.Step(steps.size() + 1, loss, steps.size(), 10));
    }
    return new Arm(steps, List.of(), List.of());
  }
}
