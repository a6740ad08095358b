package io.fettle.workflows.artifact;

import io.fettle.workflows.wire.Reference;

/**
 * A base model in the store.
 *
 * @param name for people
 * @param tree tree manifest of its folder
 * @param parameters number of weights
 * @param bytes of all files
 * @param license as its source names it, else empty
 * @param reused whether the record was there already
 */
public record BaseModel(
    String name, Reference tree, long parameters, long bytes, String license, boolean reused) {}
