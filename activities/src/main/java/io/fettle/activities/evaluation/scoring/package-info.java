/** Marks of one arm's answers, by the frozen criteria alone. */
@NullMarked
package io.fettle.activities.evaluation.scoring;

import org.jspecify.annotations.NullMarked;
