/** What a GPU host has of what its first step needs. */
@NullMarked
package io.fettle.activities.machine;

import org.jspecify.annotations.NullMarked;
