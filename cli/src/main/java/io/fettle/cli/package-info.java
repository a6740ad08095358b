/** The command line. */
@NullMarked
package io.fettle.cli;

import org.jspecify.annotations.NullMarked;
