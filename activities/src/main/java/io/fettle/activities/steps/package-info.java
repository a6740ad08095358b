/** Steps that run once for their inputs: the record in the store, the claim, the input hash. */
@NullMarked
package io.fettle.activities.steps;

import org.jspecify.annotations.NullMarked;
