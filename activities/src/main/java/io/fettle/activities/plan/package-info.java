/** What a spec needs, what this hardware gives, and every {@code auto} between the two. */
@NullMarked
package io.fettle.activities.plan;

import org.jspecify.annotations.NullMarked;
