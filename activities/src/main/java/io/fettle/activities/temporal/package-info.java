/**
 * The one way to a Temporal server: connection, namespace check and the product's search
 * attributes.
 */
@NullMarked
package io.fettle.activities.temporal;

import org.jspecify.annotations.NullMarked;
