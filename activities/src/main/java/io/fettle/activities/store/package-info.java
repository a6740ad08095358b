/** One port to object stores: put-if-absent, verified reads, content-addressed blobs. */
@NullMarked
package io.fettle.activities.store;

import org.jspecify.annotations.NullMarked;
