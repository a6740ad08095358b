/**
 * The processes of this machine: getting a Temporal server, the supervisor that owns them, the
 * endpoints' pass-through.
 */
@NullMarked
package io.fettle.cli.local;

import org.jspecify.annotations.NullMarked;
