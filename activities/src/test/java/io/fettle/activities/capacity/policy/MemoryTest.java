package io.fettle.activities.capacity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.policy.Memory.Snapshot;
import io.fettle.activities.capacity.policy.Memory.Taken;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What workers whose clocks differ teach each other. */
class MemoryTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final Instant AHEAD = NOW.plus(Duration.ofHours(5));
  private static final Place PLACE = new Place("g5.xlarge", "eu-west-1a", 2);

  private final Memory memory = new Memory();

  @Test
  void a_worker_whose_clock_is_hours_ahead_stops_no_launch_of_others() {
    memory.add(new Snapshot(List.of(), List.of(), sixFrom(AHEAD)), NOW);

    assertThat(memory.tries(NOW)).isEmpty();
    assertThat(memory.snapshot().tries()).as("nor teaches it further").containsExactly(NOW);
  }

  @Test
  void a_worker_whose_clock_was_set_back_waits_for_none_of_its_own_launches() {
    sixFrom(AHEAD).forEach(memory::tries);

    assertThat(memory.tries(NOW)).isEmpty();
  }

  @Test
  void a_clock_that_is_a_little_ahead_counts() {
    memory.add(new Snapshot(List.of(), List.of(), sixFrom(NOW.plusSeconds(30))), NOW);

    assertThat(memory.tries(NOW)).isPresent();
  }

  @Test
  void a_slow_clock_counts_what_is_ahead_no_more_and_keeps_it_for_others() {
    var others = sixFrom(NOW.plus(Duration.ofMinutes(3)));
    memory.add(new Snapshot(List.of(), List.of(taken(others.getFirst())), others), NOW);

    assertThat(memory.tries(NOW)).isEmpty();
    assertThat(memory.interruptions("aws", Market.SPOT, PLACE, NOW)).isZero();
    assertThat(memory.snapshot().tries()).containsAll(others);
    assertThat(memory.snapshot().taken()).hasSize(1);
  }

  @Test
  void an_interruption_that_is_yet_to_be_makes_no_place_dearer() {
    memory.add(new Snapshot(List.of(), List.of(taken(AHEAD)), List.of()), NOW);
    assertThat(memory.interruptions("aws", Market.SPOT, PLACE, NOW)).isZero();

    memory.add(new Snapshot(List.of(), List.of(taken(NOW.plusSeconds(30))), List.of()), NOW);
    assertThat(memory.interruptions("aws", Market.SPOT, PLACE, NOW)).isEqualTo(1);
  }

  private static List<Instant> sixFrom(Instant first) {
    return IntStream.range(0, 6).mapToObj(first::plusSeconds).toList();
  }

  private static Taken taken(Instant at) {
    return new Taken("aws", Market.SPOT.name(), PLACE.type(), PLACE.zone(), at);
  }
}
