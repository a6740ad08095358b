/** Compute Engine as it is documented: a server of ours with its table of facts and codes. */
@NullMarked
package io.fettle.benchmarks.capacity.gcp;

import org.jspecify.annotations.NullMarked;
