package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.capacity.DocumentedEc2.Call;
import io.fettle.benchmarks.capacity.PaceRows.Pace;
import io.temporal.activity.ActivityOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceRowsTest {
  @Test
  void the_measured_pauses_are_the_workflows() throws ReflectiveOperationException {
    var launch = (ActivityOptions) constant("Steps", "LAUNCH");
    var retry = launch.getRetryOptions();

    assertThat(Pace.SHIPPED)
        .isEqualTo(
            new Pace(
                (Duration) constant("Hosts", "CAPACITY_PAUSE"),
                (Duration) constant("Hosts", "LONGEST_PAUSE"),
                retry.getInitialInterval(),
                retry.getMaximumInterval()));
    assertThat(retry.getBackoffCoefficient()).isIn(0.0, 2.0); // not set: the SDK's own, 2
  }

  private static Object constant(String type, String name) throws ReflectiveOperationException {
    var field = Class.forName("io.fettle.workflows.run." + type).getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }

  @Test
  void the_fullest_minute_counts_wherever_it_begins() {
    var start = Instant.EPOCH;
    var calls =
        IntStream.of(0, 50, 70, 80, 100, 109, 110, 400)
            .mapToObj(second -> new Call(start.plusSeconds(second), "any", new FleetForm(Map.of())))
            .toList();

    assertThat(PaceRows.inAnyMinute(calls)).isEqualTo(5);
  }
}
