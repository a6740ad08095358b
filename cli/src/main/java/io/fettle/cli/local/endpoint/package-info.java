/**
 * The loopback address of each endpoint, in front of whichever engine its alias names. Canary and
 * queues come with the gateway.
 */
@NullMarked
package io.fettle.cli.local.endpoint;

import org.jspecify.annotations.NullMarked;
