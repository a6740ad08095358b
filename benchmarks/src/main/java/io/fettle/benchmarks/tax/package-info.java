/** The durability tax: what training under Fettle costs beside the same training in plain TRL. */
@NullMarked
package io.fettle.benchmarks.tax;

import org.jspecify.annotations.NullMarked;
