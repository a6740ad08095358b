package io.fettle.workflows.run;

/** Who lets a parked run go on, and why. */
public record Unpause(String by, String reason) {}
