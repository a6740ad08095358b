/** The disks of a host. */
@NullMarked
package io.fettle.activities.disks;

import org.jspecify.annotations.NullMarked;
