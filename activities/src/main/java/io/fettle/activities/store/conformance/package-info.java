/** What a store must keep for runs to stand on it, as checks that run against any store. */
@NullMarked
package io.fettle.activities.store.conformance;

import org.jspecify.annotations.NullMarked;
