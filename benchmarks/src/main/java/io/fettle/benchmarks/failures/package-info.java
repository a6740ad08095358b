/** The failure benchmark: what each fault costs, on real servers, agents and trainers. */
@NullMarked
package io.fettle.benchmarks.failures;

import org.jspecify.annotations.NullMarked;
