/** The leases and published checkpoints of one run, in the object store, read by lineage. */
@NullMarked
package io.fettle.activities.training.ledger;

import org.jspecify.annotations.NullMarked;
