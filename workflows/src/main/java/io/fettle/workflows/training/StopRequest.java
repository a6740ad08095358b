package io.fettle.workflows.training;

/** Which lease's trainer to stop and why. */
public record StopRequest(String run, int lease, String reason) {}
