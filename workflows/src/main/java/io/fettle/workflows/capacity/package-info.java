/** Contract of choosing, acquiring, claiming and releasing a host. */
@NullMarked
package io.fettle.workflows.capacity;

import org.jspecify.annotations.NullMarked;
