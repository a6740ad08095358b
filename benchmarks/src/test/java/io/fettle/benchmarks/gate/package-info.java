@NullMarked
package io.fettle.benchmarks.gate;

import org.jspecify.annotations.NullMarked;
