@NullMarked
package io.fettle.benchmarks.capacity;

import org.jspecify.annotations.NullMarked;
