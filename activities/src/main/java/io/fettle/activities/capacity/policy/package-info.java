/**
 * Which pool, market and places a run asks next: by price, recent interruptions, deadline and
 * money. Decides and remembers; it calls nobody.
 */
@NullMarked
package io.fettle.activities.capacity.policy;

import org.jspecify.annotations.NullMarked;
