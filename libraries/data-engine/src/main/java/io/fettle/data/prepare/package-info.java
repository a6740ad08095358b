/** The pipeline: files in, three parts and a report out. */
@NullMarked
package io.fettle.data.prepare;

import org.jspecify.annotations.NullMarked;
