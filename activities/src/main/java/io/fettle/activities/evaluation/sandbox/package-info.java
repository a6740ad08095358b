/** Programs that nobody has read, run where they can do no harm. */
@NullMarked
package io.fettle.activities.evaluation.sandbox;

import org.jspecify.annotations.NullMarked;
