package io.fettle.workflows.capacity;

/** Who claims: the run, and the token of its acquisition. */
public record ClaimRequest(String run, String token) {}
