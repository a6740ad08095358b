/** What happens in a run, in which order, and what a failure means. */
@NullMarked
package io.fettle.workflows.run;

import org.jspecify.annotations.NullMarked;
