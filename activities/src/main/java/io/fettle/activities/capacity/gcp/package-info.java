/** Hosts of Compute Engine: the wire format, and what its error codes mean. */
@NullMarked
package io.fettle.activities.capacity.gcp;

import org.jspecify.annotations.NullMarked;
