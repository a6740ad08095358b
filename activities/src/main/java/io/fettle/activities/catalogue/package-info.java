/** Machine types of providers: what is in them, and what they cost where somebody said so. */
@NullMarked
package io.fettle.activities.catalogue;

import org.jspecify.annotations.NullMarked;
