/** Buckets of Google Cloud Storage. */
@NullMarked
package io.fettle.activities.store.gcs;

import org.jspecify.annotations.NullMarked;
