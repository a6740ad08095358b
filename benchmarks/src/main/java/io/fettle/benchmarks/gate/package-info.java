/** {@code fettle bench gate}: whether the gate errs as often as it says. */
@NullMarked
package io.fettle.benchmarks.gate;

import org.jspecify.annotations.NullMarked;
