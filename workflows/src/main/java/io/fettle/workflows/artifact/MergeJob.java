package io.fettle.workflows.artifact;

import io.fettle.workflows.wire.Reference;

/** What to merge: the trees of base model and adapter, under the resolved spec. */
public record MergeJob(
    String run, Reference spec, Reference baseModel, Reference adapter, String salt) {}
