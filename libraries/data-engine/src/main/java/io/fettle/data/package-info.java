/** From raw rows to a versioned dataset; no Temporal, no cloud. */
@NullMarked
package io.fettle.data;

import org.jspecify.annotations.NullMarked;
