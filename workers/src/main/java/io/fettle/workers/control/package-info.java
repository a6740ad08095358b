/** The control worker: workflows, and the activities that need no GPU host. Wiring only. */
@NullMarked
package io.fettle.workers.control;

import org.jspecify.annotations.NullMarked;
