/** How each provider announces that a host must leave. */
@NullMarked
package io.fettle.activities.capacity.signal;

import org.jspecify.annotations.NullMarked;
