package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  @Test
  void another_name_is_wrong_and_so_is_the_right_one_that_nothing_followed() {
    assertThat(diagnosis(TrainerFault.NAN, "Diverged", true, 72).isWrong()).isFalse();
    assertThat(diagnosis(TrainerFault.NAN, "TrainerCrashed", true, 72).isWrong()).isTrue();
    assertThat(diagnosis(TrainerFault.OUT_OF_MEMORY, "OutOfMemory", false, 71).isWrong()).isTrue();
  }

  @Test
  void the_status_alone_tells_a_crash_and_nothing_else() {
    assertThat(naive(TrainerFault.KILLED, 137)).isFalse();
    assertThat(naive(TrainerFault.CRASH_AT_EACH_START, 70)).isFalse();
    assertThat(naive(TrainerFault.KILLED_FOR_MEMORY, 137)).isTrue();
    assertThat(naive(TrainerFault.NOTICE, 75)).isTrue();
    assertThat(naive(TrainerFault.WRONG_CONFIG, 64)).isTrue();
  }

  @Test
  void the_status_alone_spends_a_retry_on_whatever_ended_and_none_on_what_did_not() {
    assertThat(diagnosis(TrainerFault.NOTICE, "Preempted", true, 75).retriesByStatusAlone())
        .isEqualTo(1);
    var running = new Diagnosis(TrainerFault.LINK_CUT, "running", true, 1, 0, OptionalInt.empty());
    assertThat(running.retriesByStatusAlone()).isZero();
    assertThat(running.isWrongByStatusAlone()).isFalse();
  }

  @Test
  void a_loop_without_a_budget_ends_with_what_works_or_at_the_cap() throws Exception {
    assertThat(Diagnosis.startsWithoutBudget(_ -> 64, 10)).isEqualTo(10);
    assertThat(Diagnosis.startsWithoutBudget(start -> start < 4 ? 64 : 0, 10)).isEqualTo(4);
  }

  private static boolean naive(TrainerFault fault, int status) {
    return diagnosis(fault, fault.expected(), true, status).isWrongByStatusAlone();
  }

  private static Diagnosis diagnosis(
      TrainerFault fault, String called, boolean answered, int status) {
    return new Diagnosis(fault, called, answered, 1, 0, OptionalInt.of(status));
  }
}
