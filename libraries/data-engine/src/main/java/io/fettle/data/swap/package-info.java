/** Finds batches of rows whose prompts and answers are the wrong way round. */
@NullMarked
package io.fettle.data.swap;

import org.jspecify.annotations.NullMarked;
