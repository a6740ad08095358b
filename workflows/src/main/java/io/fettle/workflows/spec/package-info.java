/**
 * The spec's records, one file a section. They are the one source of the JSON Schema, of {@code
 * docs/spec.md}, of what {@code fettle init} writes and of every default: see {@link
 * io.fettle.workflows.spec.Setting}.
 */
@NullMarked
package io.fettle.workflows.spec;

import org.jspecify.annotations.NullMarked;
