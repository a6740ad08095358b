/** Texts as vectors, and passages found by words and by meaning; in process, with no server. */
@NullMarked
package io.fettle.activities.evaluation.retrieval;

import org.jspecify.annotations.NullMarked;
