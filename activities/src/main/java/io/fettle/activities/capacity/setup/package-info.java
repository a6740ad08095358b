/** Which pools there are: the operator's file. */
@NullMarked
package io.fettle.activities.capacity.setup;

import org.jspecify.annotations.NullMarked;
