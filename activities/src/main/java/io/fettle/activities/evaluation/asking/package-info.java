/** Models behind somebody else's OpenAI API. */
@NullMarked
package io.fettle.activities.evaluation.asking;

import org.jspecify.annotations.NullMarked;
