/** The prepare step: a spec's files to a dataset of three parts in the store. */
@NullMarked
package io.fettle.activities.data;

import org.jspecify.annotations.NullMarked;
