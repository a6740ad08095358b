package io.fettle.workflows.run;

/** A host's notice: its lease, and how many seconds are left. */
public record Notice(String host, int lease, int windowSeconds) {}
