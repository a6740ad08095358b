/** A small fixed general set, on which forgetting shows. */
@NullMarked
package io.fettle.activities.evaluation.suite;

import org.jspecify.annotations.NullMarked;
