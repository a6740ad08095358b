/** Real servers of objects on this machine, and networks that break. */
@NullMarked
package io.fettle.benchmarks.servers;

import org.jspecify.annotations.NullMarked;
