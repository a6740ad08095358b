/** Python environments, and processes that outlive whoever started them. */
@NullMarked
package io.fettle.activities.programs;

import org.jspecify.annotations.NullMarked;
