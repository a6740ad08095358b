/**
 * Pools that launch hosts and pay for them: intent before launch, one host a token, and a
 * reconciler that takes back what nobody has any more.
 */
@NullMarked
package io.fettle.activities.capacity.elastic;

import org.jspecify.annotations.NullMarked;
