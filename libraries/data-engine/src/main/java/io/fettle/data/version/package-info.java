/** Datasets that can be told apart: content-addressed shards under one manifest and one hash. */
@NullMarked
package io.fettle.data.version;

import org.jspecify.annotations.NullMarked;
