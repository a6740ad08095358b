/** What repeats what: exact and near duplicates, and the clusters that they form. */
@NullMarked
package io.fettle.data.dedup;

import org.jspecify.annotations.NullMarked;
