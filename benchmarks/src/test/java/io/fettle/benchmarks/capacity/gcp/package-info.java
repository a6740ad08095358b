@NullMarked
package io.fettle.benchmarks.capacity.gcp;

import org.jspecify.annotations.NullMarked;
