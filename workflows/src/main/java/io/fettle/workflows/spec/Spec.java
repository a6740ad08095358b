package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a user asks for, whole: every default is filled in and every path is absolute. Stored as
 * canonical JSON (sorted keys); the first 8 hex digits of its SHA-256 end the run's id.
 */
public record Spec(
    @Setting(
            value = "Version of this format",
            pattern = "fettle/v1",
            hint = "write apiVersion: fettle/v1")
        @JsonProperty("apiVersion")
        String apiVersion,
    @Setting(
            value = "Name of the run; its id is this name and 8 hex digits of the spec's hash",
            pattern = "[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
            hint =
                "lower-case letters, digits and inner hyphens, starting with a letter, at most 40; support-triage is one")
        String name,
    @Setting("The base model") ModelSpec model,
    @Setting("The rows") DataSpec data,
    @Setting("How the model is tuned") MethodSpec method,
    @Setting("The training itself") TrainSpec train,
    @Setting("When training saves its state") CheckpointSpec checkpoint,
    @Setting("Where it runs and what an interruption may cost") CapacitySpec capacity,
    @Setting("What is measured, and what has to be true before the model may serve")
        EvaluateSpec evaluate,
    @Setting("Whether a person has to agree before the model serves") ApproveSpec approve,
    @Setting("How the adapter becomes part of the model") MergeSpec merge,
    @Setting("How the merged model is made smaller for serving") QuantizeSpec quantize,
    @Setting("Where the model serves") DeploySpec deploy,
    @Setting("Other trackers that are told of the run; its own record and report are always there")
        TrackSpec track) {

  /** The only {@code apiVersion} that this release reads. */
  public static final String API_VERSION = "fettle/v1";
}
