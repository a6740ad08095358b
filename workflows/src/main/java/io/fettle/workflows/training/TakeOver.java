package io.fettle.workflows.training;

/**
 * Who ends another namespace's hold of a run, and why. The lease that comes of it keeps this for
 * good.
 */
public record TakeOver(String by, String reason) {}
