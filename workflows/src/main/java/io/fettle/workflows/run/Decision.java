package io.fettle.workflows.run;

/** An approval or a refusal, by whom and why. */
public record Decision(boolean approved, String by, String reason) {}
