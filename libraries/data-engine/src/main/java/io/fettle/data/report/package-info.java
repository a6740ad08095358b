/** The report of a prepared dataset: one self-contained HTML page. */
@NullMarked
package io.fettle.data.report;

import org.jspecify.annotations.NullMarked;
