package io.fettle.workflows.capacity;

/**
 * Which host to give back and why.
 *
 * @param keepFor the endpoint that goes on using an engine there; empty: engines of this run are
 *     stopped too
 */
public record ReleaseRequest(
    String run, String pool, String host, String token, String reason, String keepFor) {}
