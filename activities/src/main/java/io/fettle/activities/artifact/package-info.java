/** Base models, merge and quantize: programs run as cached steps. */
@NullMarked
package io.fettle.activities.artifact;

import org.jspecify.annotations.NullMarked;
