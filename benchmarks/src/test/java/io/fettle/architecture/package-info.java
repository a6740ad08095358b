/**
 * The rooms of the house, held by tests; each rule is also shown to fail on code that breaks it.
 */
@NullMarked
package io.fettle.architecture;

import org.jspecify.annotations.NullMarked;
