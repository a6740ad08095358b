/** The report: one self-contained HTML page. */
@NullMarked
package io.fettle.activities.lineage.report;

import org.jspecify.annotations.NullMarked;
