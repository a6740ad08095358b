/** Writes a run down: its record and its report. */
@NullMarked
package io.fettle.activities.lineage;

import org.jspecify.annotations.NullMarked;
