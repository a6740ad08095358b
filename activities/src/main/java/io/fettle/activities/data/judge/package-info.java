/** A language model as the judge of rows, over the OpenAI API. */
@NullMarked
package io.fettle.activities.data.judge;

import org.jspecify.annotations.NullMarked;
