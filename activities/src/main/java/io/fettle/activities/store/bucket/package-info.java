/** An {@code ObjectStore} over a bucket: ranged downloads that resume, uploads in parts. */
@NullMarked
package io.fettle.activities.store.bucket;

import org.jspecify.annotations.NullMarked;
