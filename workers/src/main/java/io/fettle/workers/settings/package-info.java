/** Settings records of the worker processes. */
@NullMarked
package io.fettle.workers.settings;

import org.jspecify.annotations.NullMarked;
