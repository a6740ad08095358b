/** One class a subcommand; each returns one of the exit codes. */
@NullMarked
package io.fettle.cli.command;

import org.jspecify.annotations.NullMarked;
