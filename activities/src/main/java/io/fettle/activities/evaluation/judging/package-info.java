/** A pinned model that judges answers in single words, several times. */
@NullMarked
package io.fettle.activities.evaluation.judging;

import org.jspecify.annotations.NullMarked;
