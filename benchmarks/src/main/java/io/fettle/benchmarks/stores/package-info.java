/** Object stores and staging, measured against real servers on this machine. */
@NullMarked
package io.fettle.benchmarks.stores;

import org.jspecify.annotations.NullMarked;
