/** Which results belong together: those of one spec's name under one set of criteria. */
@NullMarked
package io.fettle.activities.evaluation.series;

import org.jspecify.annotations.NullMarked;
