/** Tests, intervals and drift measures; pure functions of their arguments. */
@NullMarked
package io.fettle.statistics;

import org.jspecify.annotations.NullMarked;
