/** What {@code fettle store} does with files and objects. */
@NullMarked
package io.fettle.cli.store;

import org.jspecify.annotations.NullMarked;
