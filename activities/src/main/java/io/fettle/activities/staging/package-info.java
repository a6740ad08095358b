/** Folders as blobs: tree manifests, and a content-addressed cache on the host. */
@NullMarked
package io.fettle.activities.staging;

import org.jspecify.annotations.NullMarked;
