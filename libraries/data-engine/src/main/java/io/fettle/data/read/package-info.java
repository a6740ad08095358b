/**
 * Files to rows. A row that cannot be read is a counted row with its file, line and reason; the
 * rest goes on.
 */
@NullMarked
package io.fettle.data.read;

import org.jspecify.annotations.NullMarked;
