/**
 * Hosts of every pool behind one port, the claim that an agent answers, and the notice that a host
 * must leave.
 */
@NullMarked
package io.fettle.activities.capacity;

import org.jspecify.annotations.NullMarked;
