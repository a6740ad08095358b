/** What crosses a process boundary and is spelled once. */
@NullMarked
package io.fettle.workflows.wire;

import org.jspecify.annotations.NullMarked;
