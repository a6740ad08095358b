/** The endpoint's entity workflow and the contract of its engines. */
@NullMarked
package io.fettle.workflows.serving;

import org.jspecify.annotations.NullMarked;
