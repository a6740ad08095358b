/** The hash that datasets, rows and files are known by. */
@NullMarked
package io.fettle.data.hash;

import org.jspecify.annotations.NullMarked;
