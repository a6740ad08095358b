/** The first five minutes: one command from nothing to an answering endpoint. */
@NullMarked
package io.fettle.cli.demo;

import org.jspecify.annotations.NullMarked;
