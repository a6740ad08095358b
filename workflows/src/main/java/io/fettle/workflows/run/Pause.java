package io.fettle.workflows.run;

/** Who has a run wait, and why. */
public record Pause(String by, String reason) {}
