package io.fettle.workflows.run;

import java.time.Duration;
import java.util.Optional;

/**
 * A change to a live run.
 *
 * @param pool the only pool to ask from the next host on
 * @param shape the machine type to ask for from the next host on
 * @param deadline when the run should be done; nothing reads one yet, so it is refused
 * @param checkpointInterval longest time between checkpoints, from the next lease on
 * @param skipGate whether the run goes on even where the gate does not say PASS
 */
public record Amend(
    String by,
    String reason,
    Optional<String> pool,
    Optional<String> shape,
    Optional<Duration> deadline,
    Optional<Duration> checkpointInterval,
    boolean skipGate) {}
