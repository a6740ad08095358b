/**
 * Pools whose acquisitions are booked in the store. Elastic ones launch hosts and pay for them:
 * intent before launch, one host a token, and a reconciler that takes back what nobody has any
 * more; a static one has its machines already.
 */
@NullMarked
package io.fettle.activities.capacity.elastic;

import org.jspecify.annotations.NullMarked;
