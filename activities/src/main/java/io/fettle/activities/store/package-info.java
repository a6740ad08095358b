/** The object store port and its back ends. */
@NullMarked
package io.fettle.activities.store;

import org.jspecify.annotations.NullMarked;
