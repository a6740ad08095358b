/** What one version of a dataset has and another has not. */
@NullMarked
package io.fettle.data.diff;

import org.jspecify.annotations.NullMarked;
