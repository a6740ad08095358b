/** Contract of the prepare step: rows to a versioned dataset of three parts. */
@NullMarked
package io.fettle.workflows.data;

import org.jspecify.annotations.NullMarked;
