package io.fettle.workflows.artifact;

import io.fettle.workflows.wire.Reference;

/** What to quantize: the merged model's tree, calibrated on the dataset's train part. */
public record QuantizeJob(
    String run, String scheme, Reference spec, Reference merged, Reference dataset, String salt) {}
