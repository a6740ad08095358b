package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.failures.Faults.Put;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepStartsTest {
  private static final String STEP = "answer/" + "a".repeat(64);
  private static final String CLAIM = "steps/" + STEP + ".claim";
  private static final String SECOND_CLAIM = "steps/" + STEP + ".2.claim";
  private static final String RECORD = "steps/" + STEP + ".json";
  private static final String TRAINED = "steps/train/" + "b".repeat(64) + ".json";
  private static final String LEASE = "runs/tiny-1/leases/000001.json";

  @Test
  void a_step_that_a_second_process_takes_over_is_not_repeated() {
    var puts = puts("1 " + CLAIM, "1 " + CLAIM, "2 " + SECOND_CLAIM, "2 " + RECORD);
    assertThat(StepStarts.repeated(puts)).isEmpty();
    assertThat(StepStarts.recorded(puts)).containsExactly(STEP);
  }

  @Test
  void a_claim_after_the_record_is_a_repeated_start_and_its_renewals_are_none() {
    var puts =
        puts("1 " + CLAIM, "1 " + RECORD, "2 " + SECOND_CLAIM, "2 " + SECOND_CLAIM, "1 " + CLAIM);
    assertThat(StepStarts.repeated(puts)).containsExactly(SECOND_CLAIM);
  }

  @Test
  void a_lease_after_the_record_of_the_train_is_a_repeated_start() {
    assertThat(StepStarts.repeated(puts("1 " + LEASE, "1 " + TRAINED))).isEmpty();
    assertThat(StepStarts.repeated(puts("1 " + TRAINED, "1 " + LEASE))).containsExactly(LEASE);
    assertThat(StepStarts.repeated(puts("1 " + RECORD, "1 " + LEASE))).isEmpty();
  }

  @Test
  void a_process_halted_where_its_last_put_is_a_record() {
    assertThat(StepStarts.halts(puts("1 " + RECORD, "2 " + CLAIM, "2 " + TRAINED))).isEqualTo(2);
    assertThat(StepStarts.halts(puts("1 " + RECORD, "1 " + CLAIM))).isZero();
  }

  /** Each line is a pid and a key. */
  private static List<Put> puts(String... lines) {
    return Arrays.stream(lines).map(line -> Put.parse(Instant.EPOCH + " " + line)).toList();
  }
}
