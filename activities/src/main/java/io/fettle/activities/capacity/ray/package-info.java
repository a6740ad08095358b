/** Hosts as Ray jobs: on a cluster that is there, or on one that KubeRay makes for each of them. */
@NullMarked
package io.fettle.activities.capacity.ray;

import org.jspecify.annotations.NullMarked;
