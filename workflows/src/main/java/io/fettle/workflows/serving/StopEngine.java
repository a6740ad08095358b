package io.fettle.workflows.serving;

import java.time.Duration;

/** Which engine to stop, and how long its open requests may take. */
public record StopEngine(String key, Duration drain) {}
