/** Finds and deletes shared blobs that nothing refers to any more. */
@NullMarked
package io.fettle.activities.collection;

import org.jspecify.annotations.NullMarked;
