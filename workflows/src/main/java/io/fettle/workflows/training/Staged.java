package io.fettle.workflows.training;

/** What staging cost: bytes fetched from the store, bytes that the host had. */
public record Staged(long bytesFetched, long bytesReused) {}
