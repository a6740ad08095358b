/** Hosts of EC2: the wire format, and what its error codes mean. */
@NullMarked
package io.fettle.activities.capacity.aws;

import org.jspecify.annotations.NullMarked;
