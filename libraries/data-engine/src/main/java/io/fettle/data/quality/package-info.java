/** Scores rows by a judge, cuts the worst of each source, and flags what a base model finds odd. */
@NullMarked
package io.fettle.data.quality;

import org.jspecify.annotations.NullMarked;
