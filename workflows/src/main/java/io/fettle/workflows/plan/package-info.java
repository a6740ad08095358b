/** Contract of the plan step: everything resolved and priced before anything is leased. */
@NullMarked
package io.fettle.workflows.plan;

import org.jspecify.annotations.NullMarked;
