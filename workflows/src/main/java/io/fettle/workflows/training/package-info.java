/** Contract of staging, leases and training, and why a train ended. */
@NullMarked
package io.fettle.workflows.training;

import org.jspecify.annotations.NullMarked;
