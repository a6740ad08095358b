/**
 * Trainers under leases: started, adopted, watched, published, and told apart by how they ended.
 */
@NullMarked
package io.fettle.activities.training;

import org.jspecify.annotations.NullMarked;
