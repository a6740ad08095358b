@NullMarked
package io.fettle.benchmarks.tax;

import org.jspecify.annotations.NullMarked;
