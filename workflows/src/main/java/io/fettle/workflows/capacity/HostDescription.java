package io.fettle.workflows.capacity;

/** The provider's word about a host, and its reason in a sentence. */
public record HostDescription(String host, HostState state, String detail) {}
