@NullMarked
package io.fettle.benchmarks.data;

import org.jspecify.annotations.NullMarked;
