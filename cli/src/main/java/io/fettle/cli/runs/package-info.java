/** The runs of a server and what they left in the store, as commands and the demo use them. */
@NullMarked
package io.fettle.cli.runs;

import org.jspecify.annotations.NullMarked;
