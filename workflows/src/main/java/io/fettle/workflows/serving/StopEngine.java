package io.fettle.workflows.serving;

import java.time.Duration;
import java.util.Optional;

/**
 * Which engine to leave, and how long its open requests may take.
 *
 * @param endpoint who leaves; empty in requests of the first release: whatever endpoint serves it
 */
public record StopEngine(String key, Duration drain, Optional<String> endpoint) {}
