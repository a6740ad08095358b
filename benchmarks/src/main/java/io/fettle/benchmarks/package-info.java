/** The published benchmarks, re-runnable by name. */
@NullMarked
package io.fettle.benchmarks;

import org.jspecify.annotations.NullMarked;
