/** Buckets of S3, and of servers that speak it. */
@NullMarked
package io.fettle.activities.store.s3;

import org.jspecify.annotations.NullMarked;
