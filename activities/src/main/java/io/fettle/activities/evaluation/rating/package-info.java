/** Answers of two arms rated by people who cannot see which is which, by files or on a page. */
@NullMarked
package io.fettle.activities.evaluation.rating;

import org.jspecify.annotations.NullMarked;
