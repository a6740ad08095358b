/** Looks at what rows say: refusals, repetition, personal data. */
@NullMarked
package io.fettle.data.filter;

import org.jspecify.annotations.NullMarked;
