/** What {@code fettle data} does with files of rows. */
@NullMarked
package io.fettle.cli.data;

import org.jspecify.annotations.NullMarked;
