/** Arms answered through a model server, scored, compared and judged. */
@NullMarked
package io.fettle.activities.evaluation;

import org.jspecify.annotations.NullMarked;
