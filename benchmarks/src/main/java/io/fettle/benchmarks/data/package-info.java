/** What the data engine finds, loses and takes, beside other tools on the same rows. */
@NullMarked
package io.fettle.benchmarks.data;

import org.jspecify.annotations.NullMarked;
