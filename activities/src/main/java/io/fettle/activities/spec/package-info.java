/** From a spec's text to a spec, or to every problem in it at once. */
@NullMarked
package io.fettle.activities.spec;

import org.jspecify.annotations.NullMarked;
