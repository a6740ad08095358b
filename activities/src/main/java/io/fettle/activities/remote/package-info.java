/** Single objects of other stores than the runs' own. */
@NullMarked
package io.fettle.activities.remote;

import org.jspecify.annotations.NullMarked;
