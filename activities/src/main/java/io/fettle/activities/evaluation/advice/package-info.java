/** Whether fine-tuning is the right tool: a pure decision over measured evidence. */
@NullMarked
package io.fettle.activities.evaluation.advice;

import org.jspecify.annotations.NullMarked;
