/** Datasets as DVC keeps them: its pointer files read, and written with the objects beside. */
@NullMarked
package io.fettle.data.dvc;

import org.jspecify.annotations.NullMarked;
