package io.fettle.activities.store;

import java.time.Instant;

/**
 * What a store says about one object.
 *
 * @param modified by the store's own clock: good for ages within that store, never to be compared
 *     with another machine's
 */
public record StoredObject(String key, long bytes, Instant modified) {}
