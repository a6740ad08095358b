/** Contract of the record step. */
@NullMarked
package io.fettle.workflows.lineage;

import org.jspecify.annotations.NullMarked;
