package io.fettle.workflows.training;

/** Which lease's trainer to look for. */
public record ProbeRequest(String run, int lease) {}
