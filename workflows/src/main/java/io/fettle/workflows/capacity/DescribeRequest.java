package io.fettle.workflows.capacity;

/** Which host to ask the provider about. */
public record DescribeRequest(String run, String pool, String host, String token) {}
