package io.fettle.workflows.capacity;

/**
 * One acquisition: {@code token} is a hash of workflow run, acquisition number and offer, the same
 * for its retries.
 */
public record AcquireRequest(String run, Offer offer, String token) {}
