/** Which rows hold text that something is measured with. */
@NullMarked
package io.fettle.data.contamination;

import org.jspecify.annotations.NullMarked;
