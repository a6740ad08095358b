/** The pool of this machine: its hosts are agent processes, kept by the local supervisor. */
@NullMarked
package io.fettle.activities.capacity.local;

import org.jspecify.annotations.NullMarked;
