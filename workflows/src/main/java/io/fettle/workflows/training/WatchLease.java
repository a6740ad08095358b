package io.fettle.workflows.training;

import java.time.Duration;

/** Which lease to watch, and after how much silence it has run out. */
public record WatchLease(String run, int lease, Duration leaseTime) {}
