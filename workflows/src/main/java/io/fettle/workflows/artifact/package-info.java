/** Contract of base models, merge and quantize. */
@NullMarked
package io.fettle.workflows.artifact;

import org.jspecify.annotations.NullMarked;
