/** Training rows in shards, brought while the trainer runs. */
@NullMarked
package io.fettle.activities.training.shards;

import org.jspecify.annotations.NullMarked;
