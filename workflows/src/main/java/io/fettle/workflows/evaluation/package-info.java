/** Contract of answering, scoring and judging; criteria and verdicts. */
@NullMarked
package io.fettle.workflows.evaluation;

import org.jspecify.annotations.NullMarked;
