/** What every stage passes on: rows of messages, and why a row was refused. */
@NullMarked
package io.fettle.data.row;

import org.jspecify.annotations.NullMarked;
