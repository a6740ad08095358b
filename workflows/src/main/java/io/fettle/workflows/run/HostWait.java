package io.fettle.workflows.run;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How long the run has waited for the host that it asks for, and how long it may. */
final class HostWait {
  private final Optional<Duration> most;
  private Optional<Long> since = Optional.empty();

  /**
   * @param most empty: as long as it takes, as plans of older releases say
   */
  HostWait(Optional<Duration> most) {
    this.most = most;
  }

  void asks() {
    if (since.isEmpty()) {
      since = Optional.of(Workflow.currentTimeMillis());
    }
  }

  /** There is a host, or an operator has had the run wait for something else. */
  void ends() {
    since = Optional.empty();
  }

  Duration soFar() {
    return Duration.ofMillis(since.map(asked -> Workflow.currentTimeMillis() - asked).orElse(0L));
  }

  boolean isTooLong() {
    return most.filter(limit -> soFar().compareTo(limit) >= 0).isPresent();
  }

  /** The pause before the next try, which comes no later than the end of the patience. */
  Duration upTo(Duration pause) {
    return most.map(limit -> limit.minus(soFar()))
        .filter(left -> left.compareTo(pause) < 0)
        .orElse(pause);
  }

  /** Why the run is parked, and what to do. */
  String sentence(String lacking) {
    return "it waited %s, as long as capacity.max_wait says, for %s; unpause has it ask for as long again, amend --pool and --shape elsewhere"
        .formatted(most.map(HostWait::show).orElse(""), lacking);
  }

  /** As a spec has it: 1h30m. */
  private static String show(Duration time) {
    return time.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }
}
