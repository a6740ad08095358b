/** The same work on many things at once. */
@NullMarked
package io.fettle.activities.parallel;

import org.jspecify.annotations.NullMarked;
