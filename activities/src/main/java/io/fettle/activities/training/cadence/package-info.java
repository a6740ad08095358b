/** What a checkpoint costs and how often one is worth it. */
@NullMarked
package io.fettle.activities.training.cadence;

import org.jspecify.annotations.NullMarked;
