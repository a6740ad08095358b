package io.fettle.workflows.capacity;

/**
 * An acquired host: the queue on which it is claimed, and the provider's name for it (empty: any
 * idle one of the pool).
 */
public record Acquisition(String token, String claimQueue, String providerId) {}
